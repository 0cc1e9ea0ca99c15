import type { DynamoDBRecord } from "aws-lambda";

export interface Lane<Item> {
  add(item: Item): void;
  /** Resolves when the lane works on nothing any more, after a stop. */
  ended(): Promise<void>;
}

export interface LaneOptions<Item> {
  batch_size: number;
  /** How long the first of a batch waits for company. */
  window_ms: number;
  /** Works on one batch; the next begins when it ended. */
  work(batch: Item[]): Promise<void>;
  /** Ends waits early. */
  stopping: AbortSignal;
  sleep(ms: number): Promise<void>;
}

/** Takes items one after another and works on them in batches, in order. */
export function startLane<Item>(options: LaneOptions<Item>): Lane<Item> {
  let pending: Item[] = [];
  let running: Promise<void> | undefined;
  const run = async () => {
    while (pending.length > 0 && !options.stopping.aborted) {
      if (pending.length < options.batch_size && options.window_ms > 0) await options.sleep(options.window_ms);
      if (options.stopping.aborted) return;
      const batch = pending.slice(0, options.batch_size);
      pending = pending.slice(batch.length);
      await options.work(batch);
    }
  };
  const start = () => {
    running ??= run().finally(() => {
      running = undefined;
      if (pending.length > 0 && !options.stopping.aborted) start();
    });
  };
  return {
    add: (item) => {
      pending.push(item);
      // The records of one fetch are added in one go: the batch is cut after them.
      queueMicrotask(start);
    },
    ended: async () => {
      await running;
    },
  };
}

/** The lane of a record among so many: changes of one item always take the same one, so that they stay in order. */
export function laneOf(record: DynamoDBRecord, lanes: number): number {
  const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(keys)) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % lanes;
}
