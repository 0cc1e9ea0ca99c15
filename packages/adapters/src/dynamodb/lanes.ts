import { DeleteCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Stale } from "@omoios/domain/commit";
import type { LaneHint, LaneHints, ReadyLanes } from "@omoios/domain/store";
import type { ReadyEntry, TaskRow } from "@omoios/domain/tasks/model";
import { getAll } from "./batch-read.ts";
import type { Tables } from "./client.ts";
import { withoutConflicts } from "./commit.ts";
import { packEvents } from "./out.ts";
import { dueBucket, type Item, type Key, keyOf, rowOf } from "./rows.ts";

/** The ready index, the take, and what a claimer is told. */
export function readyLanesOn(tables: Tables): ReadyLanes {
  return {
    async page(ready_lane, limit, from) {
      const { Items = [] } = await tables.client.send(
        new QueryCommand({
          TableName: tables.state,
          IndexName: "ready",
          Limit: limit,
          KeyConditionExpression: `ready_lane = :lane${from === undefined ? "" : " AND virtual_start >= :from"}`,
          ExpressionAttributeValues: { ":lane": ready_lane, ...(from === undefined ? {} : { ":from": from }) },
        }),
      );
      return Items.map(entryOf);
    },

    async take(ctx, entry, take) {
      const key = keyOf("task", { task_id: entry.task_id });
      const { due_bucket } = dueBucket("task", { task_id: entry.task_id, due_at: take.due_at } as TaskRow, ctx.now);
      const begun = take.status === "running" ? ["started_at = :now, ", ""] : ["", ", started_at"];
      const update = new UpdateCommand({
        TableName: tables.state,
        Key: key,
        UpdateExpression:
          "SET #status = :taken, agent_id = :agent, fence = fence + :one, attempt = attempt + :attempts, version = version + :one, " +
          `lease_expires_at = :expires, ${begun[0]}progressed_at = :now, due_at = :due, due_bucket = :bucket, #out = :out ` +
          `REMOVE ready_lane, released, renewals, stuck, #percent, act, repeats, tokens${begun[1]}`,
        ConditionExpression: "#status = :ready AND fence = :seen",
        ExpressionAttributeNames: { "#status": "status", "#out": "out", "#percent": "percent" },
        ExpressionAttributeValues: {
          ":taken": take.status,
          ":ready": "ready",
          ":agent": take.agent_id,
          ":one": 1,
          ":attempts": take.attempts,
          ":seen": entry.fence,
          ":expires": take.lease_expires_at,
          ":now": ctx.now,
          ":due": take.due_at,
          ":bucket": due_bucket,
          ":out": packEvents(ctx, take.events),
        },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        const { Attributes } = await withoutConflicts(tables, ctx, "task", () => tables.client.send(update));
        return rowOf("task", Attributes);
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
        // The answer to our own take may have been lost, and the client's second try found it done.
        const row = await current(tables, key);
        const ours = row?.status === take.status && row.agent_id === take.agent_id && row.fence === entry.fence + 1;
        return ours ? row : undefined;
      }
    },

    async briefing(task) {
      const keys = [
        keyOf("task_body", { ticket_id: task.ticket_id, n: task.n }),
        keyOf("brief", { ticket_id: task.ticket_id }),
      ];
      const read = async (consistent: boolean) => {
        const items = await getAll(tables, "state", keys, consistent);
        const found = <K extends "task_body" | "brief">(kind: K) =>
          items.map((item) => rowOf(kind, item)).find((row) => row !== undefined);
        return { body: found("task_body"), brief: found("brief") };
      };
      // A row written a moment ago may be missing from a weak read.
      let told = await read(false);
      if (told.body === undefined || told.brief === undefined) told = await read(true);
      const { body, brief } = told;
      if (body === undefined || brief === undefined)
        throw new Error(`Task ${task.task_id} lacks its body, or its ticket a brief`);
      return { body, brief };
    },
  };
}

async function current(tables: Tables, key: Key): Promise<TaskRow | undefined> {
  const [item] = await getAll(tables, "state", [key], true);
  return rowOf("task", item);
}

function entryOf(item: Item): ReadyEntry {
  const { task_id, fence, timeout_seconds, virtual_start, ready_lane, released } = item as unknown as ReadyEntry;
  return { task_id, fence, timeout_seconds, virtual_start, ready_lane, ...(released ? { released } : {}) };
}

export const hintKey = (lane: string): Key => ({ pk: `hint#${lane}`, sk: "hint" });

/** Hints of lanes' depths, in the table without stream: `d<shard>` is a depth, `f<shard>` a first virtual start. */
export function laneHintsOn(tables: Tables): LaneHints {
  return {
    async read(lanes) {
      const items = await getAll(tables, "pulse", lanes.map(hintKey), false);
      return new Map(items.map((item) => [String(item.lane), hintOf(item)]));
    },

    async mend(lane, shards) {
      const names = shards.flatMap(({ shard }) => [`d${shard}`, `f${shard}`]);
      const values: Item = Object.fromEntries(
        shards.flatMap(({ shard, first }) => [
          [`:d${shard}`, first === undefined ? 0 : 1],
          [`:f${shard}`, first ?? 0],
        ]),
      );
      await tables.client.send(
        new UpdateCommand({
          TableName: tables.pulse,
          Key: hintKey(lane),
          UpdateExpression: `SET #lane = :lane, ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
          ExpressionAttributeNames: { "#lane": "lane", ...Object.fromEntries(names.map((name) => [`#${name}`, name])) },
          ExpressionAttributeValues: { ":lane": lane, ...values },
        }),
      );
    },

    async forget(lane) {
      await tables.client.send(new DeleteCommand({ TableName: tables.pulse, Key: hintKey(lane) }));
    },
  };
}

function hintOf(item: Item): LaneHint {
  const shards = Object.keys(item)
    .filter((name) => /^d\d+$/.test(name))
    .map((name) => Number(name.slice(1)))
    .map((shard) => ({ shard, depth: Number(item[`d${shard}`]), first: item[`f${shard}`] as number | undefined }));
  return { lane: String(item.lane), shards };
}
