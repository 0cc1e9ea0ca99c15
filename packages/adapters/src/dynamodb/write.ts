import { isDeepStrictEqual } from "node:util";
import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Change, Guard, Lowered } from "@omoios/domain/commit";
import type { Row, RowKind } from "@omoios/domain/rows";
import type { Instant } from "@omoios/kernel/clock";
import { dueBucket, type Item, itemOf, keyOf, listed } from "./rows.ts";

export type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

interface Loose {
  kind: RowKind;
  before?: Row;
  after?: Row;
  overwrite?: boolean;
  renews?: boolean;
}

/** One change as one write: put when made, delete when removed, else an update of just the attributes that differ. */
export function writeOf(change: Change, out: string | undefined, table: string, now: Instant): Write {
  const { kind, before, after, overwrite, renews } = change as Loose;
  if (after === undefined) {
    if (before === undefined) throw new Error(`A change of ${kind} has neither before nor after`);
    return { Delete: { TableName: table, Key: keyOf(kind, before as never), ...underVersion(before) } };
  }
  if (before === undefined) {
    const item = itemOf(kind, { ...after, version: 1 } as never, now);
    return {
      Put: {
        TableName: table,
        Item: out === undefined ? item : { ...item, out },
        ...(overwrite ? {} : isNew(renews ? now : undefined)),
      },
    };
  }
  return { Update: { TableName: table, Key: keyOf(kind, before as never), ...update(kind, before, after, out, now) } };
}

/** That no row stands there, or only one that was gone by that time. */
const isNew = (gone_by: Instant | undefined) =>
  gone_by === undefined
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "attribute_not_exists(pk) OR #ttl <= :gone_by",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: { ":gone_by": gone_by / 1000 },
      };

/** That a row still has the version that was read. */
export function guardOf(guard: Guard, table: string): Write {
  return {
    ConditionCheck: { TableName: table, Key: keyOf(guard.kind, guard.row as never), ...underVersion(guard.row) },
  };
}

/** One dependency less before a task, as long as another one is left. */
export function lowerOf({ task_id, has_notes }: Lowered, table: string): Write {
  return {
    Update: {
      TableName: table,
      Key: keyOf("task", { task_id }),
      UpdateExpression: `SET version = version + :one, blockers_left = blockers_left - :one${has_notes ? ", has_notes = :yes" : ""} REMOVE #out`,
      ConditionExpression: "blockers_left > :one",
      ExpressionAttributeNames: { "#out": "out" },
      ExpressionAttributeValues: { ":one": 1, ...(has_notes ? { ":yes": true } : {}) },
    },
  };
}

function underVersion(row: Row) {
  return {
    ConditionExpression: "#version = :seen",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":seen": row.version },
  };
}

function update(kind: RowKind, before: Row, after: Row, out: string | undefined, now: Instant) {
  const names: Record<string, string> = { "#version": "version", "#out": "out" };
  const values: Item = { ":seen": before.version, ":version": before.version + 1 };
  const set = ["#version = :version"];
  const remove: string[] = [];
  if (out === undefined) remove.push("#out");
  else {
    set.push("#out = :out");
    values[":out"] = out;
  }
  for (const [name, value] of differences(kind, before, after, now)) {
    const index = Object.keys(names).length;
    names[`#a${index}`] = name;
    if (value === undefined) remove.push(`#a${index}`);
    else {
      set.push(`#a${index} = :a${index}`);
      values[`:a${index}`] = value;
    }
  }
  return {
    UpdateExpression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
    ConditionExpression: "#version = :seen",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

function differences(kind: RowKind, before: Row, after: Row, now: Instant): [string, unknown][] {
  const was: Item = { ...before, ...listed(kind, before) };
  const is: Item = { ...after, ...listed(kind, after) };
  // A row whose moment did not change keeps its bucket, wherever it stood when it was written.
  if (was.due_at !== is.due_at) {
    was.due_bucket = "before";
    Object.assign(is, dueBucket(kind, after, now));
  }
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  names.delete("version");
  return [...names].filter((name) => !isDeepStrictEqual(was[name], is[name])).map((name) => [name, is[name]]);
}
