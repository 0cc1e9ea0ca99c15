import type { AwsCaller } from "../aws-json.ts";
import { type ShardReader, type ShardReading, startShardReader } from "./shard-reader.ts";
import { startWaiting } from "./waiting.ts";

export interface StreamReading extends Omit<ShardReading, "shard" | "position" | "stopping" | "delivery"> {
  position(shard: string): ShardReading["position"];
  delivery(shard: string, stopping: AbortSignal): ShardReading["delivery"];
  reportError(error: unknown): void;
}

export interface StreamReader {
  /** There may be news: look soon. */
  nudge(): void;
  /** Ends after the batches at work; what is not done is read again at the next start. */
  stop(): Promise<void>;
}

interface Shard {
  ShardId: string;
  ParentShardId?: string;
}

const RETRY_MS = 1000;

/** Reads a table's stream for one function: its shards side by side, a child when its parent is read through. */
export function startStreamReader(reading: StreamReading): StreamReader {
  const stopping = new AbortController();
  const waiting = startWaiting(stopping.signal);
  const open = new Map<string, ShardReader>();
  const ended = new Set<string>();
  const start = ({ ShardId: shard }: Shard) => {
    const { signal } = stopping;
    const own = {
      shard,
      stopping: signal,
      position: reading.position(shard),
      delivery: reading.delivery(shard, signal),
    };
    const reader = startShardReader({ ...reading, ...own });
    open.set(shard, reader);
    reader.ended.catch(reading.reportError).finally(() => {
      open.delete(shard);
      ended.add(shard);
    });
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const shards = await listShards(reading.streams, reading.stream_arn).catch(reading.reportError);
      const known = new Set(shards?.map((shard) => shard.ShardId));
      const isFree = ({ ParentShardId: parent }: Shard) =>
        parent === undefined || !known.has(parent) || ended.has(parent);
      const fresh = (shards ?? []).filter(({ ShardId }) => !open.has(ShardId) && !ended.has(ShardId));
      for (const shard of fresh.filter(isFree)) start(shard);
      // New shards follow one that ended, so there is nothing to ask until then. Dynoxide has one that never does.
      if (open.size > 0) await Promise.race(Array.from(open.values(), (reader) => reader.ended.catch(() => undefined)));
      else await waiting.sleep(RETRY_MS);
    }
    await Promise.all(Array.from(open.values(), (reader) => reader.ended.catch(reading.reportError)));
  };
  const done = loop();
  return {
    nudge: () => {
      for (const reader of open.values()) reader.nudge();
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function listShards(streams: AwsCaller, streamArn: string): Promise<Shard[]> {
  type Answer = { StreamDescription: { Shards: Shard[]; LastEvaluatedShardId?: string } };
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const wanted = { StreamArn: streamArn, ...(from !== undefined && { ExclusiveStartShardId: from }) };
    const { StreamDescription: page } = await streams<Answer>("DescribeStream", wanted);
    shards.push(...page.Shards);
    from = page.LastEvaluatedShardId;
  } while (from !== undefined);
  return shards;
}
