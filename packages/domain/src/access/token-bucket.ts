import type { Instant } from "@omoios/kernel/clock";

/** Allowed in t seconds: `burst + per_second × t`. */
export interface RateLimit {
  per_second: number;
  burst: number;
}

/**
 * What one process knows of a bucket that it shares with others. It lets requests in from its share, and books them in the table
 * together.
 */
export interface Share {
  /** Requests that may still be let in; below zero, those that were let in and are not booked yet. */
  hand: number;
  /** When `hand` was looked at last. */
  at: Instant;
  /** When the bucket will be full again, as last seen: it says how much is in it. */
  full_at: Instant;
  /** Nothing is to be had before. */
  closed_until: Instant;
  /** The last share that was taken, and when. */
  size: number;
  taken_at: Instant;
}

/** What is to be taken from the bucket, in one conditional write. */
export interface Ask {
  requests: number;
  /** Fewer than the process could use: the bucket is then empty. */
  partial: boolean;
  size: number;
  cost_ms: number;
  /** Whether the bucket is taken to be full, as its condition then says. */
  from: "full" | "draining";
}

/** What the bucket's row says after an attempt to take from it. */
export interface BucketState {
  taken: boolean;
  full_at: Instant;
}

type Judgement = { verdict: "in" | "out"; share: Share } | { verdict: "ask"; ask: Ask };

/** A share lasts a second, as far as the second before tells. */
const SHARE_MS = 1_000;
/** An empty bucket is asked again so soon, or sooner where it would overflow before. */
const ASK_AGAIN_MS = 100;
/** A process takes so many requests at least, unless that were more than a tenth of the burst. */
const LEAST_SHARE = 10;
/** The part of the rate that a process need not book: a caller who comes now and then costs no write. */
const UNBOOKED = 0.005;
/** How much larger than the last one a share may be. */
const GROWTH = 4;

export const newShare = (now: Instant): Share => ({
  hand: 0,
  at: now,
  full_at: 0,
  closed_until: 0,
  size: 0,
  taken_at: now,
});

const leastShare = ({ burst }: RateLimit): number => Math.min(LEAST_SHARE, Math.ceil(burst / 10));
/** Requests that a process lets in before it books them: half a share, since every process adds them to the burst. */
const credit = (limit: RateLimit): number => Math.ceil(leastShare(limit) / 2);
const intervalMs = ({ per_second }: RateLimit): number => 1_000 / per_second;
export const burstMs = (limit: RateLimit): number => limit.burst * intervalMs(limit);

/** Requests that the bucket would let in now. */
function inBucket({ full_at }: Pick<Share, "full_at">, limit: RateLimit, now: Instant): number {
  return Math.floor((burstMs(limit) - Math.max(0, full_at - now)) / intervalMs(limit) + 1e-6);
}

/**
 * Whether a request is let in, turned away, or the bucket must be asked first. It may be asked twice, since a first answer tells what
 * others left there; but once only where a share is a single request, so that no request costs more than one of its own.
 */
export function judge(before: Share, limit: RateLimit, now: Instant, asked: number): Judgement {
  const share = rested(before, limit, now);
  if (share.hand - 1 >= -credit(limit)) return { verdict: "in", share: { ...share, hand: share.hand - 1 } };
  if (now < share.closed_until) return { verdict: "out", share };
  const available = inBucket(share, limit, now);
  if (available < 1) return { verdict: "out", share: { ...share, closed_until: nextAsk(share, limit, now) } };
  if (asked < Math.min(2, leastShare(limit))) return { verdict: "ask", ask: askOf(share, limit, now, available) };
  // Others were faster, and the bucket is not empty: the next request, which now knows it, books this one too.
  if (share.hand >= -credit(limit)) return { verdict: "in", share: { ...share, hand: share.hand - 1 } };
  return { verdict: "out", share: { ...share, closed_until: now + askAgainMs(limit) } };
}

/** The share once the bucket has answered. */
export function taken(before: Share, ask: Ask, state: BucketState, limit: RateLimit, now: Instant): Share {
  const share = { ...rested(before, limit, now), full_at: state.full_at };
  if (state.taken) {
    const closed_until = ask.partial ? nextAsk(share, limit, now) : 0;
    return { ...share, hand: share.hand + ask.requests, size: ask.size, taken_at: now, closed_until };
  }
  return inBucket(share, limit, now) >= 1 ? share : { ...share, closed_until: nextAsk(share, limit, now) };
}

/** What callers are told: what is left, and for how long they wait for more. */
export function outlook(share: Share, limit: RateLimit, now: Instant) {
  const inHand = Math.floor(share.hand) + credit(limit);
  const remaining = share.closed_until > now ? inHand : inHand + inBucket(share, limit, now);
  return {
    remaining: Math.min(limit.burst, Math.max(0, remaining)),
    full_in_ms: Math.max(0, share.full_at - now),
    retry_after_ms: Math.max(0, share.closed_until - now),
  };
}

/** Time has passed: part of what is owed is forgiven, and what is left of a share that has lasted its second goes. */
function rested(share: Share, limit: RateLimit, now: Instant): Share {
  const passed = Math.max(0, now - share.at);
  const over = now - share.taken_at >= SHARE_MS;
  const forgiven = (passed / 1_000) * limit.per_second * UNBOOKED;
  const hand =
    share.hand < 0
      ? Math.min(0, share.hand + forgiven)
      : Math.min(share.hand, over ? leastShare(limit) : Number.POSITIVE_INFINITY);
  return { ...share, hand, at: Math.max(share.at, now) };
}

function askOf(share: Share, limit: RateLimit, now: Instant, available: number): Ask {
  const lasted = Math.max(1, now - share.taken_at);
  const grown = Math.min(share.size * GROWTH, (share.size * SHARE_MS) / lasted, limit.per_second);
  const size = Math.max(leastShare(limit), Math.ceil(grown));
  const wanted = Math.ceil(Math.max(0, -share.hand)) + size;
  const requests = Math.min(wanted, available);
  return {
    requests,
    partial: requests < wanted,
    size,
    cost_ms: requests * intervalMs(limit),
    from: share.full_at <= now ? "full" : "draining",
  };
}

const askAgainMs = (limit: RateLimit): number => Math.min(ASK_AGAIN_MS, burstMs(limit) / 2);

/** When an empty bucket is worth asking: it holds a request, and a moment has passed. */
function nextAsk({ full_at }: Share, limit: RateLimit, now: Instant): Instant {
  return Math.max(now + askAgainMs(limit), Math.ceil(full_at - burstMs(limit) + intervalMs(limit)));
}
