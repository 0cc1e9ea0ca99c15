import type { StreamRecord } from "@omoios/adapters/stream/relay";
import { streamReaders } from "@omoios/contracts/topology";
import { compilePattern } from "@omoios/local/events/pattern";
import type { Chance } from "../chance.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Change, StreamEntry } from "../wire/changes.ts";
import type { Faults } from "../wire/faults.ts";
import type { Fleet } from "./fleet.ts";
import { isOfTheWire, type Report } from "./functions.ts";
import type { Instance } from "./instances.ts";

/** Reads the stream as the topology's rows say: filtered, in batches, so many at once, in the order of each item. Nothing is lost. */
export interface StreamReaders {
  take(change: Change): void;
  /** Records that have not been worked on. */
  readonly waiting: number;
}

interface ReaderParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  fleet(): Fleet;
  report: Report;
}

interface Shard {
  pending: StreamEntry[];
  working: boolean;
}

type Reader = (typeof streamReaders)[number];

export function streamReadersOf(parts: ReaderParts): StreamReaders {
  const readers = streamReaders.map((row) => startReader(row, parts));
  return {
    take: ({ entry, key }) => {
      for (const reader of readers) reader.take(entry, key);
    },
    get waiting() {
      return readers.reduce((sum, reader) => sum + reader.waiting(), 0);
    },
  };
}

function startReader(row: Reader, { time, chance, faults, fleet, report }: ReaderParts) {
  const filters = row.filters.map(compilePattern);
  const shards: Shard[] = Array.from({ length: row.parallel }, () => ({ pending: [], working: false }));

  /** A batch is worked on until it succeeds, and now and then once more. */
  const deliver = async (records: StreamEntry[]): Promise<void> => {
    const act = (instance: Instance) => actOf(row, instance)(records as unknown as StreamRecord[]);
    for (let tries = 0; ; tries++) {
      const ending = await fleet().invoke(row.function, act);
      if (ending.ended === "returned" && faults.ofMessage() !== "doubled") return;
      if (ending.ended === "threw" && !isOfTheWire(ending.error)) report(row.function, ending.error);
      await time.sleep(Math.min(100 * 2 ** tries, 5_000));
    }
  };

  const work = (shard: Shard): void => {
    if (shard.working || shard.pending.length === 0) return;
    shard.working = true;
    time.after(chance.between(20, 900) + row.window_seconds * 1_000, async () => {
      const batch = shard.pending.slice(0, row.batch_size);
      void deliver(batch).then(() => {
        shard.pending.splice(0, batch.length);
        shard.working = false;
        work(shard);
      });
    });
  };

  return {
    take(entry: StreamEntry, key: string) {
      if (!filters.some((passes) => passes(entry))) return;
      const shard = shards[numberOf(key) % shards.length];
      if (shard === undefined) return;
      shard.pending.push(entry);
      work(shard);
    },
    waiting: () => shards.reduce((sum, { pending }) => sum + pending.length, 0),
  };
}

const actOf = (row: Reader, instance: Instance) => (row.function === "relay" ? instance.relay : instance.figures);

function numberOf(key: string): number {
  let sum = 0;
  for (let i = 0; i < key.length; i++) sum = (sum * 31 + key.charCodeAt(i)) >>> 0;
  return sum;
}
