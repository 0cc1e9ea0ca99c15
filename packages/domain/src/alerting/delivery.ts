import type { Instant } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";

/** How a try to deliver went. */
export type Attempt = { status: number; retry_after?: string | undefined } | { fault: Fault } | MissingSecrets;

/** `throttled`: the mail service has had too much. */
type Fault = "network" | "timeout" | "throttled";

/** The stage lacks values that the receiver is configured with. */
interface MissingSecrets {
  fault: "secret";
  missing: readonly string[];
}

/** What becomes of a notification after a try. */
export type Verdict =
  | { do: "done" }
  | { do: "retry"; at: Instant }
  | { do: "dead_letter"; why: "refused" | "gave_up"; detail: string };

const SECOND_MS = 1_000;
const DELAYS_S = [1, 5, 15, 30, 60, 120, 300, 600];
const TRIED_FOR_MS = 24 * 3_600 * SECOND_MS;
/** A delay is longer by up to this share, so that receivers who failed together are not called together. */
const JITTER = 0.1;
/** How long one try may take. */
export const DELIVERY_TIMEOUT_MS = 15 * SECOND_MS;

/**
 * What a try's outcome leads to: taken (2xx); tried again later (5xx, 429, 408, nothing answered), at the time that `Retry-After` asks for
 * if that is later, for a day; or refused for good (any other).
 * @param tries made by now, this one among them
 * @param since when the notification was first to be sent
 */
export function judgeAttempt(
  attempt: Attempt,
  { tries, since, now, random }: { tries: number; since: Instant; now: Instant; random: Random },
): Verdict {
  const said = wordsOf(attempt);
  if ("status" in attempt) {
    const { status } = attempt;
    if (status >= 200 && status < 300) return { do: "done" };
    if (status < 500 && status !== 429 && status !== 408) return { do: "dead_letter", why: "refused", detail: said };
  }
  const delay = (DELAYS_S[Math.min(tries, DELAYS_S.length) - 1] ?? 1) * SECOND_MS;
  const wanted = "status" in attempt ? retryAfter(attempt.retry_after, now) : undefined;
  const at = Math.max(now + Math.round(delay * (1 + JITTER * random())), wanted ?? 0);
  if (at > since + TRIED_FOR_MS) return { do: "dead_letter", why: "gave_up", detail: `${said} for 24 hours` };
  return { do: "retry", at };
}

/** How a try went, in words; of what the stage lacks also the remedy. */
export function wordsOf(attempt: Attempt): string {
  if ("status" in attempt) return `answered ${attempt.status}`;
  if (attempt.fault !== "secret") return `${attempt.fault} fault`;
  const names = attempt.missing.map((name) => `\${secret:${name}}`).join(" and ");
  const [first] = attempt.missing;
  return `no value of ${names}: on one machine write it into secrets/${first} in the data directory (.omoi unless another is given), on a stage run: omoi secrets set ${first}`;
}

/** `Retry-After` in seconds or as an HTTP date. What is neither says nothing. */
function retryAfter(text: string | undefined, now: Instant): Instant | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return now + Number(text) * SECOND_MS;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
