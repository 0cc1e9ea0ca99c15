import type { Instant } from "@omoios/kernel/clock";
import {
  type Ask,
  type BucketState,
  burstMs,
  judge,
  newShare,
  outlook,
  type RateLimit,
  type Share,
  taken,
} from "./token-bucket.ts";

/** The buckets of the stage, which all processes share. */
export interface RateBuckets {
  /** Takes what is asked for, in one conditional write. @param latest the bucket may not be full again after that moment */
  take(bucket: string, ask: Ask, now: Instant, latest: Instant): Promise<BucketState>;
}

interface Admission extends ReturnType<typeof outlook> {
  allowed: boolean;
}

/** Lets requests in, or not. */
export interface RateLimiter {
  /** @param bucket whose requests, and of which kind */
  admit(bucket: string, limit: RateLimit, now: Instant): Promise<Admission>;
}

/** Shares kept at a time, those used last. One that is forgotten has let in a few requests that nobody counts. */
const KEPT_SHARES = 10_000;

interface Entry {
  share: Share;
  /** The process asks the bucket; others wait for its answer. */
  asking?: Promise<void> | undefined;
}

/** Token buckets that processes share: each takes what it will need for a second, so that few requests cost one of their own, and none more. */
export function rateLimiter(buckets: RateBuckets): RateLimiter {
  const entries = new Map<string, Entry>();

  const entryOf = (bucket: string, now: Instant): Entry => {
    const entry = entries.get(bucket) ?? { share: newShare(now) };
    entries.delete(bucket);
    entries.set(bucket, entry);
    const [oldest] = entries.keys();
    if (entries.size > KEPT_SHARES && oldest !== undefined) entries.delete(oldest);
    return entry;
  };

  const ask = async (bucket: string, entry: Entry, asked: Ask, limit: RateLimit, now: Instant): Promise<void> => {
    const state = await buckets.take(bucket, asked, now, now + burstMs(limit));
    entry.share = taken(entry.share, asked, state, limit, now);
  };

  return {
    async admit(bucket, limit, now) {
      const entry = entryOf(bucket, now);
      for (let asked = 0; ; ) {
        const judged = judge(entry.share, limit, now, asked);
        if (judged.verdict !== "ask") {
          entry.share = judged.share;
          return { allowed: judged.verdict === "in", ...outlook(entry.share, limit, now) };
        }
        if (entry.asking === undefined) {
          asked++;
          entry.asking = ask(bucket, entry, judged.ask, limit, now).finally(() => {
            entry.asking = undefined;
          });
        }
        await entry.asking;
      }
    },
  };
}
