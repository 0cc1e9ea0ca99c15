import { durationMs } from "@omoios/contracts/shapes/duration";
import type { Instant } from "@omoios/kernel/clock";

/** So often within so long: a number, or a share of the fleet. */
export interface RateLimit {
  most: { count: number } | { percent: number };
  window_ms: number;
}

/** When something was done, and how often. Oldest first. */
export type Tally = readonly { at: Instant; n: number }[];

/** Entries that are kept apart; above that the oldest are taken together, under the later of their moments. */
const KEPT_APART = 60;

const LIMIT = /^(\d{1,6})(%?)\/((?:\d{1,6}[smhd]){1,4})$/;

/** What a limit says, such as `3/1h` or `10%/5m`; `undefined` for anything else. */
export function rateLimitOf(text: string): RateLimit | undefined {
  const [, number = "", percent, span = ""] = LIMIT.exec(text) ?? [];
  const window_ms = durationMs(span);
  if (number === "" || window_ms === 0) return undefined;
  return { most: percent === "%" ? { percent: Number(number) } : { count: Number(number) }, window_ms };
}

/** How often it may be done in a fleet of so many active agents. A share of it is at least one. */
export function mostOf({ most }: RateLimit, active: number): number {
  return "count" in most ? most.count : Math.max(1, Math.floor((active * most.percent) / 100));
}

/** From when on it may be done once more; nothing where the limit lets nothing be done at all. */
export function roomFrom(limit: RateLimit, tally: Tally, active: number, now: Instant): Instant | undefined {
  const most = mostOf(limit, active);
  if (most < 1) return undefined;
  const kept = within(tally, limit.window_ms, now);
  let left = countOf(kept, limit.window_ms, now);
  let from = now;
  for (const { at, n } of kept) {
    if (left < most) break;
    left -= n;
    from = at + limit.window_ms;
  }
  return from;
}

/** How often it may be done, in words: a share is one of those who live now, and not of those who lived when it was begun. */
export function mostInWords(limit: RateLimit, active: number): string {
  const most = mostOf(limit, active);
  return "count" in limit.most ? String(most) : `${most} (${limit.most.percent}% of ${active} active now, at least 1)`;
}

/** How often it was done within the window that ends now. */
export function countOf(tally: Tally, window_ms: number, now: Instant): number {
  return within(tally, window_ms, now).reduce((sum, { n }) => sum + n, 0);
}

/** The tally with one more, without what no window reaches any longer. It does not grow beyond a bound. */
export function oneMore(tally: Tally, window_ms: number, now: Instant): Tally {
  const kept = [...within(tally, window_ms, now), { at: now, n: 1 }];
  const [first, second] = kept;
  if (kept.length <= KEPT_APART || first === undefined || second === undefined) return kept;
  return [{ at: second.at, n: first.n + second.n }, ...kept.slice(2)];
}

const within = (tally: Tally, window_ms: number, now: Instant) => tally.filter(({ at }) => at > now - window_ms);
