import type { Change } from "@omoios/domain/commit";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { describe, expect, test } from "vitest";
import { MINUTE, NOW, runningTask, taskRow } from "../../../../tests/harness/task-row.ts";
import { DUE_BUCKET_MINUTES, keyOf } from "./rows.ts";
import { guardOf, writeOf } from "./write.ts";

const task = runningTask({ version: 7, percent: 10, due_at: NOW + MINUTE });
const change = (after: TaskRow, before: TaskRow = task): Change => ({ kind: "task", before, after });

/** What an update sets and removes, by the attributes' own names. */
function effectOf(given: Change, out?: string, now = NOW) {
  const { Update } = writeOf(given, out, "state", now);
  if (Update?.UpdateExpression === undefined) throw new Error("It is no update");
  const name = (text: string) => Update.ExpressionAttributeNames?.[text.trim()] ?? text.trim();
  const [, sets = "", removes = ""] = /^SET (.*?)(?: REMOVE (.*))?$/.exec(Update.UpdateExpression) ?? [];
  return {
    set: Object.fromEntries(
      sets.split(", ").map((one) => {
        const [left = "", right = ""] = one.split(" = ");
        return [name(left), Update.ExpressionAttributeValues?.[right]];
      }),
    ),
    removed: removes === "" ? [] : removes.split(", ").map(name).sort(),
    key: Update.Key,
    condition: Update.ConditionExpression?.replace(/#\w+/g, name),
    seen: Update.ExpressionAttributeValues?.[":seen"],
  };
}

describe("a row that changes", () => {
  test("is written under the version that was read, raised by one, and only where it differs", () => {
    expect(effectOf(change({ ...task, percent: 20 }))).toEqual({
      set: { version: 8, percent: 20 },
      // A write without events removes those of the write before, so that the relay sees nothing new.
      removed: ["out"],
      key: keyOf("task", task),
      condition: "version = :seen",
      seen: 7,
    });
  });

  test("raises its version even where nothing else differs, and carries its events", () => {
    expect(effectOf(change(task), "events")).toMatchObject({ set: { version: 8, out: "events" }, removed: [] });
  });

  test("loses what is undefined or gone", () => {
    const { agent_id: _gone, ...rest } = task;
    expect(effectOf(change({ ...rest, percent: undefined })).removed).toEqual(["agent_id", "out", "percent"]);
  });

  test("takes no version from the decision: it is the commit's to raise", () => {
    expect(effectOf(change({ ...task, version: 99 })).set.version).toBe(8);
  });

  test("compares maps by what they say", () => {
    const alike = (times: number) => ({ ...task, failed_alike: { times, signature: "x" } });
    expect(effectOf(change(alike(1), { ...task, failed_alike: { signature: "x", times: 1 } })).set).toEqual({
      version: 8,
    });
    expect(effectOf(change(alike(2), alike(1))).set).toMatchObject({ failed_alike: { times: 2 } });
  });
});

describe("a due row", () => {
  const bucket = (due_at: number | undefined, now: number, before = task) => {
    const { set, removed } = effectOf(change({ ...before, due_at }, before), undefined, now);
    return { minute: String(set.due_bucket ?? "").split("#")[0], due_at: set.due_at, removed };
  };

  test("that gets another moment moves to its bucket", () => {
    const span = DUE_BUCKET_MINUTES;
    const later = NOW + 5 * span * MINUTE;
    expect(bucket(later, NOW)).toMatchObject({ minute: String(NOW / MINUTE + 5 * span), due_at: later });
    expect(bucket(NOW + span * MINUTE, NOW, taskRow())).toMatchObject({ minute: String(NOW / MINUTE + span) });
  });

  test("that waits for nothing more leaves the index", () => {
    expect(bucket(undefined, NOW)).toEqual({ minute: "", due_at: undefined, removed: ["due_at", "due_bucket", "out"] });
  });

  test("whose moment stays keeps its place, though that hour has passed", () => {
    expect(bucket(task.due_at, NOW + 60 * MINUTE)).toEqual({ minute: "", due_at: undefined, removed: ["out"] });
  });
});

test("a row that enters another list, or none, is moved in the same write", () => {
  const letter = { version: 1, dead_letter_id: "dead_1", status: "open", at: NOW } as never;
  const redriven = { version: 1, dead_letter_id: "dead_1", status: "redriven", at: NOW } as never;
  expect(effectOf({ kind: "dead_letter", before: letter, after: redriven }).set).toMatchObject({
    status: "redriven",
    list: "dead_letters#redriven",
  });
  const agent = { version: 1, agent_id: "agent_1", class_id: "c", status: "IDLE" } as never;
  const ended = { version: 1, agent_id: "agent_1", class_id: "c", status: "TERMINATED" } as never;
  expect(effectOf({ kind: "agent", before: agent, after: ended }).removed).toEqual(["list", "list_at", "out"]);
});

describe("a row that is made", () => {
  const made = (given: Partial<Change> = {}, out?: string) =>
    writeOf({ kind: "task", after: task, ...given } as Change, out, "state", NOW).Put;

  test("must not exist, and begins with version 1", () => {
    expect(made()).toMatchObject({
      TableName: "state",
      ConditionExpression: "attribute_not_exists(pk)",
      Item: { version: 1 },
    });
    expect(made()?.Item).not.toHaveProperty("out");
    expect(made({}, "events")?.Item).toMatchObject({ out: "events" });
  });

  test("may exist where its id follows from what it says", () => {
    expect(made({ overwrite: true })).not.toHaveProperty("ConditionExpression");
  });
});

test("a row goes, and a guard holds, only under the version that was read", () => {
  const under = {
    Key: keyOf("task", task),
    ConditionExpression: "#version = :seen",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":seen": 7 },
  };
  expect(writeOf({ kind: "task", before: task }, undefined, "state", NOW).Delete).toMatchObject(under);
  expect(guardOf({ kind: "task", row: task }, "state").ConditionCheck).toMatchObject(under);
});

test("a change of nothing into nothing is our own fault", () => {
  expect(() => writeOf({ kind: "task" }, undefined, "state", NOW)).toThrow(
    "A change of task has neither before nor after",
  );
});
