import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { untilSettled } from "@omoios/domain/decide";
import { type FigureStore, NEW_MEMORY, type SweepMemory } from "@omoios/domain/monitor/figures/memory";
import { added, type Batch, newTally, type Tallies, type Tally } from "@omoios/domain/monitor/figures/tally";
import type { Tables } from "./client.ts";
import { itemsOfPartition } from "./partition.ts";
import { putVersioned } from "./put-versioned.ts";
import type { Item } from "./rows.ts";

const PARTITION = "figures";
/** After every scope. */
const MEMORY = "~memory";

/** The plane's sums, in the table without stream: one item for each scope, so that an update costs one unit. */
export function talliesOn(tables: Tables): Tallies {
  const { client, pulse: TableName } = tables;

  const read = async (scope: string, ConsistentRead: boolean): Promise<Tally> => {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { pk: PARTITION, sk: scope }, ConsistentRead }),
    );
    return Item === undefined ? newTally(scope) : tallyOf(Item);
  };

  /** The item is written under the version that was read, with the mark of the batch in it: this write decides. */
  const addTo = async (scope: string, batch: Batch): Promise<void> => {
    let tries = 0;
    await untilSettled(async () => {
      const tally = added(await read(scope, tries++ > 0), batch);
      if (tally !== undefined) await save(tables, tally);
    });
  };

  return {
    async add(batch) {
      await Promise.all([...new Set(batch.moves.map(({ scope }) => scope))].map((scope) => addTo(scope, batch)));
    },
  };
}

/** The same sums with what the sweep remembers, which lies with them: one read. */
export function figuresOn(tables: Tables): FigureStore {
  return {
    async read() {
      const items = await itemsOfPartition(tables, PARTITION, { consistent: true });
      const memory = items.find(({ sk }) => sk === MEMORY);
      return {
        tallies: items.filter(({ sk }) => sk !== MEMORY).map(tallyOf),
        memory: memory === undefined ? NEW_MEMORY : memoryOf(memory),
      };
    },

    remember: ({ version, ...memory }) =>
      putVersioned(tables, { pk: PARTITION, sk: MEMORY, memory: JSON.stringify(memory) }, version),
  };
}

function save(tables: Tables, { scope, totals, marks, version }: Tally): Promise<void> {
  const written = marks.map(({ first, last, records }) => [first, last, records]);
  const sums = { totals: JSON.stringify(totals), marks: JSON.stringify(written) };
  return putVersioned(tables, { pk: PARTITION, sk: scope, ...sums }, version);
}

const memoryOf = ({ memory, version }: Item): SweepMemory => ({
  ...(JSON.parse(String(memory)) as Omit<SweepMemory, "version">),
  version: Number(version),
});

function tallyOf({ sk, totals, marks, version }: Item): Tally {
  const written = JSON.parse(String(marks)) as [string, string, number][];
  return {
    scope: String(sk),
    totals: JSON.parse(String(totals)) as Tally["totals"],
    marks: written.map(([first, last, records]) => ({ first, last, records })),
    version: Number(version),
  };
}
