import type { Attempt } from "@omoios/domain/alerting/delivery";

/** Errors that SES answers with a 4xx although the same mail may be taken later: over a rate or quota, or with credentials that have run out. */
const PASSING =
  /^(Throttl\w*|(TooManyRequests|LimitExceeded|ServiceUnavailable|ExpiredToken|RequestExpired)(Exception)?)$/;

/**
 * What SES's answer means for the mail: its status, or `throttled` where its error passes. Both of SES's APIs are read: the one names
 * the error in the body as XML, the other in a header, or in the body as JSON.
 */
export function sesOutcome(status: number, header: string | undefined, body: string): Attempt {
  if (status < 400 || status >= 500) return { status };
  const code = header ?? /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? codeOfJson(body) ?? "";
  // `com.amazon.x#Name` and `Name:http://…` name it too.
  const name = code.replace(/^.*#/, "").replace(/:.*$/, "").trim();
  return PASSING.test(name) ? { fault: "throttled" } : { status };
}

const codeOfJson = (body: string): string | undefined => /"(?:__type|code)"\s*:\s*"([^"]*)"/.exec(body)?.[1];
