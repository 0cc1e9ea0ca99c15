/** Names under which AWS services say that they have too much to do. */
const BUSY = new Set([
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "TooManyRequestsException",
  "LimitExceededException",
]);

/** Names and codes of requests whose answer never came. */
const SILENT = new Set([
  "TimeoutError",
  "RequestTimeout",
  "InternalServerError",
  "InternalServerErrorException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "NetworkingError",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/**
 * What an error says of a service behind the plane: `busy` when it refused the request without doing it, `silent` when nobody knows
 * whether it was done, `undefined` when the error is about something else. Causes are looked at too: libraries wrap.
 */
export function serviceFailure(error: unknown): "busy" | "silent" | undefined {
  for (let at = error, steps = 0; at instanceof Error && steps < 5; at = at.cause, steps += 1) {
    const names = [at.name, "code" in at ? at.code : undefined];
    if (names.some((name) => typeof name === "string" && BUSY.has(name))) return "busy";
    if (names.some((name) => typeof name === "string" && SILENT.has(name))) return "silent";
    if (statusOf(at) >= 500) return "silent";
  }
  return undefined;
}

/** The HTTP status that an error of the AWS SDK carries, else 0. */
function statusOf(error: Error): number {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return 0;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : 0;
}
