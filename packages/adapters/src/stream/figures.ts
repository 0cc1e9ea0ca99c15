import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Instant } from "@omoios/kernel/clock";
import type { Tables } from "../dynamodb/client.ts";
import { refusalOf } from "../dynamodb/errors.ts";
import { hintKey } from "../dynamodb/lanes.ts";
import type { Item } from "../dynamodb/rows.ts";
import type { StreamRecord } from "./relay.ts";

interface Moved {
  lane: string;
  shard: string;
  delta: number;
  came: Instant[];
  went: Instant[];
}

/** Long enough for a batch of the stream to come again, a day at most. */
const REMEMBERED_SECONDS = 86_400;

/**
 * Adds to each lane's hint what a batch of the stream moved, with a mark of the batch in the same transaction, so that a batch that
 * comes twice counts once. At most 99 lane shards a batch; what is beyond is left to the sweep, which mends hints.
 */
export async function addFigures(tables: Tables, records: readonly StreamRecord[], now: Instant): Promise<void> {
  const moved = [...movesOf(records).values()]
    .filter(({ delta, came, went }) => delta !== 0 || came.length + went.length > 0)
    .slice(0, 99);
  if (moved.length === 0) return;
  const first = await firstsOf(tables, moved);
  const ends = [records[0], records.at(-1)].map((record) => record?.dynamodb?.SequenceNumber ?? "");
  try {
    await tables.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.pulse,
              Item: { pk: `counted#${ends.join("-")}`, sk: "counted", ttl: Math.ceil(now / 1000) + REMEMBERED_SECONDS },
              ConditionExpression: "attribute_not_exists(pk)",
            },
          },
          ...byLane(moved).map(([lane, moves]) => ({ Update: updateOf(tables, lane, moves, first) })),
        ],
      }),
    );
  } catch (error) {
    // Counted already: the batch came a second time.
    if (refusalOf(error) !== "condition") throw error;
  }
}

function movesOf(records: readonly StreamRecord[]): Map<string, Moved> {
  const moves = new Map<string, Moved>();
  const add = (image: Record<string, unknown> | undefined, delta: 1 | -1) => {
    if (image === undefined) return;
    const { ready_lane, virtual_start } = unmarshall(image as Record<string, AttributeValue>);
    if (typeof ready_lane !== "string") return;
    const [lane = "", shard = "0"] = ready_lane.split("#");
    const move = moves.get(ready_lane) ?? { lane, shard, delta: 0, came: [], went: [] };
    move.delta += delta;
    (delta > 0 ? move.came : move.went).push(Number(virtual_start));
    moves.set(ready_lane, move);
  };
  for (const { dynamodb } of records) {
    add(dynamodb?.NewImage, 1);
    add(dynamodb?.OldImage, -1);
  }
  return moves;
}

async function firstsOf(tables: Tables, moved: readonly Moved[]): Promise<Map<string, Item>> {
  const lanes = [...new Set(moved.map(({ lane }) => lane))];
  const { Responses } = await tables.client.send(
    new BatchGetCommand({ RequestItems: { [tables.pulse]: { Keys: lanes.map(hintKey) } } }),
  );
  return new Map((Responses?.[tables.pulse] ?? []).map((item) => [String(item.lane), item]));
}

function byLane(moved: readonly Moved[]): [string, Moved[]][] {
  const lanes = new Map<string, Moved[]>();
  for (const move of moved) lanes.set(move.lane, [...(lanes.get(move.lane) ?? []), move]);
  return [...lanes];
}

/** The depth is added; the first entry is the earliest that came, or at least where the last one went from. */
function updateOf(tables: Tables, lane: string, moves: readonly Moved[], known: Map<string, Item>) {
  const names: Record<string, string> = { "#lane": "lane" };
  const values: Item = { ":lane": lane };
  const set = ["#lane = :lane"];
  const add: string[] = [];
  for (const { shard, delta, came, went } of moves) {
    names[`#d${shard}`] = `d${shard}`;
    values[`:d${shard}`] = delta;
    add.push(`#d${shard} :d${shard}`);
    const was = known.get(lane)?.[`f${shard}`] as number | undefined;
    const passed = Math.max(was ?? 0, ...went);
    const first = came.length > 0 ? Math.min(was === undefined ? Number.POSITIVE_INFINITY : passed, ...came) : passed;
    names[`#f${shard}`] = `f${shard}`;
    values[`:f${shard}`] = first;
    set.push(`#f${shard} = :f${shard}`);
  }
  return {
    TableName: tables.pulse,
    Key: hintKey(lane),
    UpdateExpression: `SET ${set.join(", ")} ADD ${add.join(", ")}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
