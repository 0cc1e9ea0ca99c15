import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Stale } from "@omoios/domain/commit";
import { expiryAt } from "@omoios/domain/expiry";
import {
  CHUNK_MS,
  type Chunk,
  type Point,
  type Series,
  type SeriesKey,
  type SeriesStore,
} from "@omoios/domain/monitor/series/model";
import { inOrder } from "@omoios/domain/monitor/series/points";
import type { Clock } from "@omoios/kernel/clock";
import { getAll } from "./batch-read.ts";
import { putAll } from "./batch-write.ts";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";
import type { Item } from "./rows.ts";
import {
  chunkKey,
  itemOf,
  packPoints,
  partitionOfPoints,
  SERIES_SHARDS,
  seriesKey,
  seriesOfItem,
  shardName,
  sortOfMoment,
  unpackPoints,
} from "./series-items.ts";
import { isGone, readCursor, writeCursor } from "./store.ts";

/** Chunks that are read at once. */
const CHUNKS = 100;

/** Series and their points. What is written is gone `kept_ms` after its last point. */
export function seriesOn(tables: Tables, clock: Clock, kept_ms: number): SeriesStore {
  const ttlOf = (points: readonly Point[]) => expiryAt((points.at(-1)?.[0] ?? 0) + kept_ms);
  const alive = (item: Item) => !isGone(item, clock.now());

  const keep = (key: SeriesKey, chunks: readonly Chunk[]): Promise<void> =>
    putAll(
      tables,
      chunks.map((chunk) => ({ ...chunkKey(key, chunk), points: packPoints(chunk), ttl: ttlOf(chunk) })),
    );

  return {
    keep,

    async getMany(keys) {
      const items = await getAll(tables, "pulse", keys.map(seriesKey), true);
      return items.filter(alive).map(seriesOfItem);
    },

    async save(series, chunks) {
      await keep(series, chunks);
      // What an alert still hangs on does not go while it is judged.
      const judged = Object.keys(series.states).length > 0 || series.untold.length > 0;
      const ttl = judged ? expiryAt(clock.now() + kept_ms) : ttlOf(series.recent);
      const item = { ...itemOf(series), version: series.version + 1, ttl };
      try {
        await tables.client.send(
          new PutCommand({
            TableName: tables.pulse,
            Item: item,
            ...(series.version === 0
              ? {
                  // What is past its end stands until the table takes it away.
                  ConditionExpression: "attribute_not_exists(pk) OR #ttl <= :now",
                  ExpressionAttributeNames: { "#ttl": "ttl" },
                  ExpressionAttributeValues: { ":now": Math.floor(clock.now() / 1000) },
                }
              : {
                  ConditionExpression: "version = :version",
                  ExpressionAttributeValues: { ":version": series.version },
                }),
          }),
        );
      } catch (error) {
        if (isRefusedCondition(error)) throw new Stale(`series ${series.metric} ${series.id}`);
        throw error;
      }
      return { ...series, version: series.version + 1 };
    },

    async page(metric, { limit, cursor }) {
      const list = `series@${metric ?? ""}`;
      const at = cursor === undefined ? { shard: 0 } : readCursor(cursor, list);
      const rows: Series[] = [];
      let start = at.sk as string | undefined;
      for (let shard = Number(at.shard); shard < SERIES_SHARDS; shard++, start = undefined) {
        const { items, more } = await pageOfShard(tables, shard, metric, start, limit - rows.length);
        rows.push(...items.filter(alive).map(seriesOfItem));
        if (more !== undefined) return { rows, cursor: writeCursor({ shard, sk: more }, list) };
        if (rows.length >= limit && shard + 1 < SERIES_SHARDS)
          return { rows, cursor: writeCursor({ shard: shard + 1 }, list) };
      }
      return { rows, cursor: undefined };
    },

    async history(key, span, { limit, cursor }) {
      const list = `history@${key.id}`;
      const from = cursor === undefined ? span.from : Number(readCursor(cursor, list).after) + 1;
      // The series first: what leaves it for a chunk meanwhile is then read twice, and never missed.
      const { Item } = await tables.client.send(
        new GetCommand({ TableName: tables.pulse, Key: seriesKey(key), ConsistentRead: true }),
      );
      const found: Point[] = Item === undefined ? [] : [...seriesOfItem(Item).recent];
      for await (const { chunks, read_to } of chunksOf(tables, key, from, span.until)) {
        found.push(...chunks.flat());
        // A chunk whose last point is later than a chunk's length after a moment holds nothing of before.
        const beyond = withinSpan(found, from, span.until)[limit];
        if (beyond !== undefined && read_to > beyond[0] + CHUNK_MS) break;
      }
      const points = withinSpan(found, from, span.until);
      const rows = points.slice(0, limit);
      const last = points.length > limit ? rows.at(-1) : undefined;
      return { rows, cursor: last === undefined ? undefined : writeCursor({ after: last[0] }, list) };
    },
  };
}

const withinSpan = (points: readonly Point[], from: number, until: number): Point[] =>
  inOrder(points).filter(([at]) => at >= from && at <= until);

async function pageOfShard(
  { client, pulse: TableName }: Tables,
  shard: number,
  metric: string | undefined,
  start: string | undefined,
  Limit: number,
): Promise<{ items: Item[]; more: string | undefined }> {
  const pk = shardName(shard);
  const answer = await client.send(
    new QueryCommand({
      TableName,
      Limit,
      KeyConditionExpression: metric === undefined ? "pk = :pk" : "pk = :pk AND begins_with(sk, :metric)",
      ExpressionAttributeValues: { ":pk": pk, ...(metric === undefined ? {} : { ":metric": `${metric}#` }) },
      ...(start === undefined ? {} : { ExclusiveStartKey: { pk, sk: start } }),
    }),
  );
  return { items: answer.Items ?? [], more: answer.LastEvaluatedKey?.sk as string | undefined };
}

/** A series' chunks that may hold points of the span, in the order of their last points. */
async function* chunksOf({ client, pulse: TableName }: Tables, key: SeriesKey, from: number, until: number) {
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName,
        Limit: CHUNKS,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :until",
        ExpressionAttributeValues: {
          ":pk": partitionOfPoints(key),
          ":from": sortOfMoment(from),
          ":until": sortOfMoment(until + CHUNK_MS + 1),
        },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    const chunks = (answer.Items ?? []).map(({ points }) => unpackPoints(String(points)));
    yield { chunks, read_to: chunks.at(-1)?.at(-1)?.[0] ?? until };
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
}
