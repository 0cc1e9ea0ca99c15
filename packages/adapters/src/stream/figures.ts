import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { movesOf as figuresMoved } from "@omoios/domain/monitor/figures/counted";
import { type Batch, markOf } from "@omoios/domain/monitor/figures/tally";
import type { Instant } from "@omoios/kernel/clock";
import { getAll } from "../dynamodb/batch-read.ts";
import type { Tables } from "../dynamodb/client.ts";
import { refusalOf } from "../dynamodb/errors.ts";
import { hintKey } from "../dynamodb/lanes.ts";
import { type Item, kindOf } from "../dynamodb/rows.ts";
import { talliesOn } from "../dynamodb/tallies.ts";
import type { StreamRecord } from "./relay.ts";

interface Moved {
  lane: string;
  shard: string;
  delta: number;
  came: Instant[];
  went: Instant[];
}

/** What a batch of the stream moves: the plane's sums, each once, and the hints of lanes. */
export async function addFigures(tables: Tables, records: readonly StreamRecord[]): Promise<void> {
  await Promise.all([addHints(tables, records), talliesOn(tables).add(batchOf(records))]);
}

function batchOf(records: readonly StreamRecord[]): Batch {
  const [first = "", last = ""] = [records[0], records.at(-1)].map((each) => markOf(sequenceOf(each)));
  const moves = records.flatMap(({ dynamodb }, at) => {
    const [was, is] = [rowIn(dynamodb?.OldImage), rowIn(dynamodb?.NewImage)];
    return figuresMoved(kindOf(is), was, is).map((move) => ({ ...move, at }));
  });
  return { first, last, records: records.length, moves };
}

const sequenceOf = (record: StreamRecord | undefined): string => record?.dynamodb?.SequenceNumber ?? "";

/**
 * Adds to each lane's hint what a batch of the stream moved, with the batch's mark in the same write, so that a batch that comes twice
 * in a row counts once. One that comes again after another shard's counts twice: it is a hint, and the sweep mends it.
 */
async function addHints(tables: Tables, records: readonly StreamRecord[]): Promise<void> {
  const moved = [...movesOf(records).values()].filter(
    ({ delta, came, went }) => delta !== 0 || came.length + went.length > 0,
  );
  if (moved.length === 0) return;
  const first = await firstsOf(tables, moved);
  const mark = `${sequenceOf(records[0])}-${sequenceOf(records.at(-1))}`;
  await Promise.all(byLane(moved).map(([lane, moves]) => addOnce(tables, updateOf(tables, lane, moves, first, mark))));
}

async function addOnce(tables: Tables, update: UpdateCommandInput): Promise<void> {
  try {
    await tables.client.send(new UpdateCommand(update));
  } catch (error) {
    // Counted already: the batch came a second time.
    if (refusalOf(error) !== "condition") throw error;
  }
}

function movesOf(records: readonly StreamRecord[]): Map<string, Moved> {
  const moves = new Map<string, Moved>();
  const add = (row: Item, delta: 1 | -1, taken: boolean) => {
    const { ready_lane, virtual_start } = row;
    if (typeof ready_lane !== "string") return;
    const [lane = "", shard = "0"] = ready_lane.split("#");
    const move = moves.get(ready_lane) ?? { lane, shard, delta: 0, came: [], went: [] };
    move.delta += delta;
    if (delta > 0) move.came.push(Number(virtual_start));
    // Only a take is near the first entry. What is cancelled or edited may stand anywhere in its lane.
    if (taken) move.went.push(Number(virtual_start));
    moves.set(ready_lane, move);
  };
  for (const { dynamodb } of records) {
    const [is, was] = [rowIn(dynamodb?.NewImage), rowIn(dynamodb?.OldImage)];
    add(is, 1, false);
    add(was, -1, is.status === "running" || is.status === "assigned");
  }
  return moves;
}

function rowIn(image: Record<string, unknown> | undefined): Item {
  return image === undefined ? {} : unmarshall(image as Record<string, AttributeValue>, { wrapNumbers: Number });
}

async function firstsOf(tables: Tables, moved: readonly Moved[]): Promise<Map<string, Item>> {
  const lanes = [...new Set(moved.map(({ lane }) => lane))];
  const items = await getAll(tables, "pulse", lanes.map(hintKey), false);
  return new Map(items.map((item) => [String(item.lane), item]));
}

function byLane(moved: readonly Moved[]): [string, Moved[]][] {
  const lanes = new Map<string, Moved[]>();
  for (const move of moved) lanes.set(move.lane, [...(lanes.get(move.lane) ?? []), move]);
  return [...lanes];
}

/** The depth is added; the first entry is the earliest that came and stayed, or at least where the last one was taken from. */
function updateOf(
  tables: Tables,
  lane: string,
  moves: readonly Moved[],
  known: Map<string, Item>,
  mark: string,
): UpdateCommandInput {
  const names: Record<string, string> = { "#lane": "lane", "#mark": "mark" };
  const values: Item = { ":lane": lane, ":mark": mark };
  const set = ["#lane = :lane", "#mark = :mark"];
  const add: string[] = [];
  for (const { shard, delta, came, went } of moves) {
    names[`#d${shard}`] = `d${shard}`;
    values[`:d${shard}`] = delta;
    add.push(`#d${shard} :d${shard}`);
    const first = firstOf(known.get(lane), { shard, came, went });
    names[`#f${shard}`] = `f${shard}`;
    values[`:f${shard}`] = first;
    set.push(`#f${shard} = :f${shard}`);
  }
  return {
    TableName: tables.pulse,
    Key: hintKey(lane),
    UpdateExpression: `SET ${set.join(", ")} ADD ${add.join(", ")}`,
    ConditionExpression: "attribute_not_exists(#mark) OR #mark <> :mark",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

function firstOf(known: Item | undefined, { shard, came, went }: Pick<Moved, "shard" | "came" | "went">): Instant {
  // Where a lane was empty, its old first entry says nothing about what came since.
  const first = Number(known?.[`d${shard}`] ?? 0) > 0 ? (known?.[`f${shard}`] as Instant | undefined) : undefined;
  const stayed = came.filter((at) => !went.includes(at));
  if (first === undefined && stayed.length > 0) return Math.min(...stayed);
  return Math.min(Math.max(first ?? 0, ...went), ...stayed);
}
