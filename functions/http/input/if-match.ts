import { Problem } from "@omoios/kernel/problem";

const ONE_VERSION = /^"(\d{1,15})"$/;

/**
 * The version that `If-Match` asks for; `undefined` where any will do. A tag that is not one of ours can match nothing and throws
 * `request.precondition_failed`, as RFC 9110 asks (a weak tag never matches).
 */
export function ifMatchVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const version = ONE_VERSION.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new Problem("request.precondition_failed", {
      detail: 'If-Match names one ETag as it was answered, such as "3".',
    });
  }
  return Number(version);
}
