import type { DynamoDBRecord } from "aws-lambda";
import { type AwsCaller, AwsError } from "../aws-json.ts";
import { compilePattern } from "../events/pattern.ts";
import { type Delivery, deliver, sequenceOf } from "./deliver.ts";
import { laneOf, startLane } from "./lane.ts";
import { type Position, SHARD_END } from "./position.ts";
import { type Passage, type Progress, startProgress } from "./progress.ts";
import { type Saving, startSaving } from "./saving.ts";
import { startWaiting, type Waiting } from "./waiting.ts";

export interface ShardReading {
  streams: AwsCaller;
  stream_arn: string;
  shard: string;
  /** The region that records are to name: dynoxide calls its own `dynoxide`. */
  region: string;
  /** Lambda filter patterns on a record; any of them lets it through. */
  filters: readonly Record<string, unknown>[];
  batch_size: number;
  window_ms: number;
  /** Batches worked on at once, never two that hold changes of one item. */
  parallel: number;
  delivery: Delivery;
  position: Position;
  stopping: AbortSignal;
}

export interface ShardReader {
  /** There may be news: look soon. */
  nudge(): void;
  /** Resolves when the shard is read through, or after a stop. */
  ended: Promise<void>;
}

/** Between two looks at the stream: while records come, and at most while none do. */
const BUSY_MS = 8;
const IDLE_MS = 100;
const RETRY_MS = 1000;
const FETCH_AT_MOST = 1000;

interface Item {
  record: DynamoDBRecord;
  passage: Passage;
}

/** Reads one shard from where it was left and brings its records to a function, until the shard ends or the plane stops. */
export function startShardReader(reading: ShardReading): ShardReader {
  const progress = startProgress();
  const waiting = startWaiting(reading.stopping);
  const saving = startSaving(progress, reading.position, reading.delivery.reportError);
  const work = async (items: Item[]) => {
    if (!(await deliverUntilDone(items, reading))) return;
    progress.finish(items.map((item) => item.passage));
    saving.soon();
    waiting.wake();
  };
  const { batch_size, window_ms, stopping } = reading;
  const lanes = Array.from({ length: reading.parallel }, () =>
    startLane<Item>({ batch_size, window_ms, stopping, work, sleep: startWaiting(stopping).sleep }),
  );
  const accepts = anyFilter(reading.filters);
  const take = (record: DynamoDBRecord) => {
    const wanted = accepts(record);
    const passage = progress.add(sequenceOf(record), !wanted);
    if (wanted) lanes[laneOf(record, lanes.length)]?.add({ record: { ...record, ...originOf(reading) }, passage });
  };
  const read = async () => {
    await readShard(reading, { progress, waiting, take, saving });
    await Promise.all(lanes.map((lane) => lane.ended()));
    await saving.now();
  };
  // Who collects for a while anyway need not be told that there is something to collect.
  return { nudge: window_ms > 0 ? () => undefined : waiting.wake, ended: read() };
}

interface Reading {
  progress: Progress;
  waiting: Waiting;
  take(record: DynamoDBRecord): void;
  saving: Saving;
}

async function readShard(shard: ShardReading, { progress, waiting, take, saving }: Reading): Promise<void> {
  const room = 2 * shard.parallel * shard.batch_size;
  const mostIdleMs = Math.max(IDLE_MS, shard.window_ms / 4);
  const cursor = startCursor(shard);
  let idleMs = BUSY_MS;
  while (!shard.stopping.aborted) {
    const limit = Math.min(FETCH_AT_MOST, room - progress.waiting());
    if (limit <= 0) {
      await waiting.sleep(IDLE_MS);
      continue;
    }
    const records = await cursor.next(limit);
    if (records === "failed") {
      await waiting.sleep(RETRY_MS);
    } else if (records === "ended") {
      while (progress.waiting() > 0 && !shard.stopping.aborted) await waiting.sleep(IDLE_MS);
      await saving.now();
      if (!shard.stopping.aborted) await shard.position.save(SHARD_END);
      return;
    } else if (records.length === 0) {
      saving.soon();
      await waiting.sleep(idleMs);
      idleMs = Math.min(2 * idleMs, mostIdleMs);
      // However often it is nudged, it leaves the emulator some air.
      await pause(BUSY_MS);
    } else {
      for (const record of records) take(record);
      idleMs = BUSY_MS;
      if (records.length < limit) await pause(BUSY_MS);
    }
  }
}

/** Fetches records one after another. It starts again from the last one fetched when the emulator does not answer. */
function startCursor({ streams, stream_arn, shard, position, stopping, delivery }: ShardReading) {
  let iterator: string | undefined;
  let last: string | undefined;
  const locate = async () => {
    last ??= await position.load();
    if (last === SHARD_END) return undefined;
    const from = last === undefined ? { ShardIteratorType: "TRIM_HORIZON" } : after(last);
    const wanted = { StreamArn: stream_arn, ShardId: shard, ...from };
    return (await streams<{ ShardIterator: string }>("GetShardIterator", wanted, stopping)).ShardIterator;
  };
  const next = async (limit: number): Promise<DynamoDBRecord[] | "ended" | "failed"> => {
    try {
      iterator ??= await locate();
      if (iterator === undefined) return "ended";
      type Page = { Records: DynamoDBRecord[]; NextShardIterator?: string };
      const page = await streams<Page>("GetRecords", { ShardIterator: iterator, Limit: limit }, stopping);
      const [newest] = page.Records.slice(-1);
      if (newest) last = sequenceOf(newest);
      iterator = page.NextShardIterator;
      if (iterator === undefined) last = page.Records.length === 0 ? SHARD_END : last;
      return page.Records;
    } catch (error) {
      iterator = undefined;
      // Forgotten by the stream: what is left of it starts at its horizon.
      if (error instanceof AwsError && error.name === "TrimmedDataAccessException") last = undefined;
      if (!stopping.aborted) delivery.reportError(error);
      return "failed";
    }
  };
  return { next };
}

const after = (SequenceNumber: string) => ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber });

async function deliverUntilDone(items: Item[], { delivery, stopping }: ShardReading): Promise<boolean> {
  const records = items.map((item) => item.record);
  while (!stopping.aborted) {
    try {
      await deliver(records, delivery);
      return true;
    } catch (error) {
      // Only the failure queue or the plane's stop can break a delivery; what is not done is fetched again after a start.
      if (stopping.aborted) return false;
      delivery.reportError(error);
      await pause(RETRY_MS);
    }
  }
  return false;
}

function anyFilter(filters: readonly Record<string, unknown>[]): (record: DynamoDBRecord) => boolean {
  const tests = filters.map(compilePattern);
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}

const originOf = ({ region, stream_arn }: ShardReading) => ({ awsRegion: region, eventSourceARN: stream_arn });

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
