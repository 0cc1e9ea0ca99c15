import type { Instant } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";

/** How a try to deliver went. */
export type Attempt = { status: number; retry_after?: string | undefined } | { fault: Fault };

/** `secret`: the stage lacks a value that the receiver is configured with. `throttled`: the mail service has had too much. */
type Fault = "network" | "timeout" | "secret" | "throttled";

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
  const said = "status" in attempt ? `answered ${attempt.status}` : `${attempt.fault} fault`;
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

/** `Retry-After` in seconds or as an HTTP date. What is neither says nothing. */
function retryAfter(text: string | undefined, now: Instant): Instant | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return now + Number(text) * SECOND_MS;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
