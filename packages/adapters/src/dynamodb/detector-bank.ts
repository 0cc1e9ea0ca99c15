import type { DetectorBank, Drawer } from "@omoios/domain/monitor/anomalies/bank";
import type { Watched } from "@omoios/domain/monitor/anomalies/watch-series";
import { getAll } from "./batch-read.ts";
import type { Tables } from "./client.ts";
import { itemsOfPartition } from "./partition.ts";
import { putVersioned } from "./put-versioned.ts";
import type { Item, Key } from "./rows.ts";

/** Partitions of the drawers. A partition takes 1,000 write units a second, and a turn of 10,000 series writes 700. */
const PARTITIONS = 4;

const partition = (n: number): string => `detector#${n % PARTITIONS}`;

const keyOf = (n: number): Key => ({ pk: partition(n), sk: String(n).padStart(3, "0") });

/** The detector's states, packed many to an item, in the table without stream. */
export function detectorBankOn(tables: Tables): DetectorBank {
  return {
    async load() {
      const parts = Array.from({ length: PARTITIONS }, (_, n) => itemsOfPartition(tables, partition(n)));
      return (await Promise.all(parts)).flat().map(drawerOf);
    },

    read: async (ns) => (await getAll(tables, "pulse", ns.map(keyOf), false)).map(drawerOf),

    save({ n, watched, written_at, version }) {
      const states = Object.fromEntries([...watched].map(([id, each]) => [id, packed(each)]));
      return putVersioned(tables, { ...keyOf(n), watched: states, written_at }, version);
    },
  };
}

/** What is packed of a series: its state as base64, since our client's JSON knows no binaries, and what else is remembered of a few. */
type Packed = string | [state: string, open: readonly string[], calm: number];

/** What is written of a series, under its id. */
export function packed({ state, open, calm }: Watched): Packed {
  const text = Buffer.from(state).toString("base64");
  return open.length === 0 ? text : [text, open, calm];
}

function unpacked(each: Packed): Watched {
  const [text, open, calm] = typeof each === "string" ? [each, [], 0] : each;
  return { state: Buffer.from(text, "base64"), open, calm };
}

function drawerOf({ sk, watched, written_at, version }: Item): Drawer {
  return {
    n: Number(sk),
    watched: new Map(Object.entries(watched as Record<string, Packed>).map(([id, each]) => [id, unpacked(each)])),
    written_at: Number(written_at),
    version: Number(version),
  };
}
