import type { RowKind } from "@omoios/domain/rows";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { describe, expect, test } from "vitest";
import { MINUTE, NOW, runningTask, taskRow } from "../../../../tests/harness/task-row.ts";
import { bucketName, DUE_BUCKET_MINUTES, DUE_SHARDS, dueBucket, itemOf, keyOf, kindOf, listed, rowOf } from "./rows.ts";

const THIS_MINUTE = NOW / MINUTE;
const BUCKET = DUE_BUCKET_MINUTES;
const minuteOf = (row: TaskRow, now = NOW) => dueBucket("task", row, now).due_bucket?.split("#")[0];
const listOf = (kind: RowKind, row: object) => listed(kind, row as never);

describe("an item", () => {
  test("gives back the row that it was made of, without keys, marks and indexes", () => {
    const row = runningTask({ due_at: NOW + MINUTE, failed_alike: { signature: "x", times: 2 }, released: undefined });
    const item = itemOf("task", row, NOW);
    expect(item).toMatchObject({ ...keyOf("task", row), __edb_e__: "task" });
    expect(rowOf("task", { ...item, out: "events" })).toEqual(row);
  });

  test("is read as its own kind only", () => {
    const item = itemOf("task", taskRow(), NOW);
    expect(kindOf(item)).toBe("task");
    expect(rowOf("task_body", item)).toBeUndefined();
    expect(rowOf("task", undefined)).toBeUndefined();
  });

  test.each([{}, { __edb_e__: "stranger" }, { __edb_e__: "toString" }, { __edb_e__: 7 }])(
    "%j is none of ours",
    (item) => {
      expect(kindOf(item)).toBeUndefined();
    },
  );

  test("has its key from the row's own names, so that a key finds its row", () => {
    const { task_id, ticket_id } = taskRow();
    expect(keyOf("task", { task_id })).toEqual(keyOf("task", taskRow()));
    expect(keyOf("task_body", { ticket_id, n: 2 })).not.toEqual(keyOf("task_body", { ticket_id, n: 10 }));
    // Numbers within a partition are read in their order.
    expect(keyOf("task_body", { ticket_id, n: 2 }).sk < keyOf("task_body", { ticket_id, n: 10 }).sk).toBe(true);
  });
});

describe("a due row stands in the bucket of its moment, which has the name of its first minute", () => {
  test.each([
    ["later", NOW + 5 * BUCKET * MINUTE + 7, THIS_MINUTE + 5 * BUCKET],
    ["in the midst of its bucket", NOW + 5 * MINUTE + 7, THIS_MINUTE],
    ["at the bucket's last moment", NOW + BUCKET * MINUTE - 1, THIS_MINUTE],
    ["at the next one's first", NOW + BUCKET * MINUTE, THIS_MINUTE + BUCKET],
    // What is due already stands in this bucket: none that a sweep has passed is written to.
    ["already", NOW - 90 * MINUTE, THIS_MINUTE],
  ])("%s", (_, due_at, minute) => {
    expect(minuteOf(taskRow({ due_at }))).toBe(String(minute));
  });

  test("and in none where nothing is due", () => {
    expect(dueBucket("task", taskRow(), NOW)).toEqual({});
    expect(itemOf("task", taskRow(), NOW)).not.toHaveProperty("due_bucket");
  });

  test("always in the same shard, and the shards share the rows", () => {
    const shards = Array.from({ length: 400 }, (_, n) => {
      const task_id = `task_${String(n).padStart(20, "0")}` as TaskRow["task_id"];
      const [first, second] = [NOW, NOW + BUCKET * MINUTE].map(
        (due_at) => dueBucket("task", taskRow({ task_id, due_at }), NOW).due_bucket,
      );
      expect(first?.split("#")[1]).toBe(second?.split("#")[1]);
      return Number(first?.split("#")[1]);
    });
    const counts = Array.from({ length: DUE_SHARDS }, (_, shard) => shards.filter((own) => own === shard).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(400);
    for (const count of counts) expect(count).toBeGreaterThan(50);
  });

  test("by the name that the sweep asks for", () => {
    const bucket = dueBucket("task", taskRow({ due_at: NOW }), NOW).due_bucket;
    expect(Array.from({ length: DUE_SHARDS }, (_, shard) => bucketName(THIS_MINUTE, shard))).toContain(bucket);
  });
});

describe("lists", () => {
  test.each<[RowKind, object, string | undefined]>([
    ["ticket", { status: "open", created_at: 1, ticket_id: "t" }, "tickets#open"],
    ["ticket", { status: "pending_review", created_at: 1, ticket_id: "t" }, "tickets#open"],
    ["ticket", { status: "done", created_at: 1, ticket_id: "t" }, "tickets#ended"],
    ["ticket", { status: "cancelled", created_at: 1, ticket_id: "t" }, "tickets#ended"],
    // A class lists its living agents: those that may beat.
    ["agent", { status: "IDLE", class_id: "c", agent_id: "a" }, "class#c"],
    ["agent", { status: "DEGRADED", class_id: "c", agent_id: "a" }, "class#c"],
    ["agent", { status: "SPAWNING", class_id: "c", agent_id: "a" }, undefined],
    ["agent", { status: "FAILED", class_id: "c", agent_id: "a" }, "agents#failed"],
    ["agent", { status: "QUARANTINED", class_id: "c", agent_id: "a" }, undefined],
    ["agent", { status: "TERMINATED", class_id: "c", agent_id: "a" }, undefined],
    ["agent_profile", { registered_at: 1, agent_id: "a" }, "agents"],
    ["dead_letter", { status: "open", at: 1, dead_letter_id: "d" }, "dead_letters#open"],
    ["dead_letter", { status: "redriven", at: 1, dead_letter_id: "d" }, "dead_letters#redriven"],
    ["api_key", { created_at: 1, key_id: "k" }, "api_keys"],
    ["task", taskRow(), undefined],
  ])("a %s %j stands in %s", (kind, row, name) => {
    expect(listOf(kind, row).list).toBe(name);
  });

  test("are in the order of making, also where the numbers have fewer digits", () => {
    const at = (created_at: number) => listOf("ticket", { status: "open", created_at, ticket_id: "t" }).list_at ?? "";
    expect([at(NOW), at(9), at(10)].sort()).toEqual([at(9), at(10), at(NOW)]);
  });
});
