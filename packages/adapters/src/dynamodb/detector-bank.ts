import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Stale } from "@omoios/domain/commit";
import type { DetectorBank, Drawer } from "@omoios/domain/monitor/anomalies/bank";
import type { Watched } from "@omoios/domain/monitor/anomalies/watch-series";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";
import type { Item } from "./rows.ts";

/** Partitions of the drawers. A partition takes 1,000 write units a second, and a turn of 10,000 series writes 700. */
const PARTITIONS = 4;

const partition = (n: number): string => `detector#${n % PARTITIONS}`;

/** The detector's states, packed many to an item, in the table without stream. */
export function detectorBankOn(tables: Tables): DetectorBank {
  return {
    async load() {
      const parts = Array.from({ length: PARTITIONS }, (_, n) => itemsOf(tables, partition(n)));
      return (await Promise.all(parts)).flat().map(drawerOf);
    },

    async save({ n, watched, written_at, version }) {
      const Item = {
        pk: partition(n),
        sk: String(n).padStart(3, "0"),
        watched: Object.fromEntries([...watched].map(([id, each]) => [id, packed(each)])),
        written_at,
        version: version + 1,
      };
      const stands =
        version === 0
          ? { ConditionExpression: "attribute_not_exists(pk)" }
          : { ConditionExpression: "version = :version", ExpressionAttributeValues: { ":version": version } };
      try {
        await tables.client.send(new PutCommand({ TableName: tables.pulse, Item, ...stands }));
      } catch (error) {
        if (isRefusedCondition(error)) throw new Stale(`drawer ${n}`);
        throw error;
      }
    },
  };
}

async function itemsOf({ client, pulse: TableName }: Tables, pk: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** What is packed of a series: its state as base64, since our client's JSON knows no binaries, and what else is remembered of a few. */
type Packed = string | [state: string, open: readonly string[], calm: number];

function packed({ state, open, calm }: Watched): Packed {
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
