import { envelope } from "@omoios/contracts/events";
import type { RequestContext } from "@omoios/domain/commit";
import type { RowKind, RowOf } from "@omoios/domain/rows";
import { describe, expect, test } from "vitest";
import { contextAt, NOW, runningTask, taskRow } from "../../../../tests/harness/task-row.ts";
import { packEvents } from "../dynamodb/out.ts";
import { itemOf } from "../dynamodb/rows.ts";
import { envelopesOf, timerOf } from "./envelopes.ts";

const ctx: RequestContext = { ...contextAt(), causation_id: "task_1#2#0", traceparent: "00-1-2-01" };
const itemWith = <K extends RowKind>(kind: K, row: RowOf<K>, ...events: Parameters<typeof packEvents>[1] & object) => ({
  ...itemOf(kind, row, NOW),
  ...(events.length === 0 ? {} : { out: packEvents(ctx, events) }),
});
const task = runningTask({ version: 9 });

describe("the envelopes of an item's events", () => {
  test("are valid, and say who, when, as part of what, and the row's own words", () => {
    const [started] = envelopesOf(itemWith("task", task, { type: "task.started" }));
    expect(envelope.parse(started)).toEqual(started);
    const { task_id, ticket_id, phase_id, status, priority, attempt, fence, version, agent_id } = task;
    expect(started).toEqual({
      id: `${task_id}#9#0`,
      type: "task.started",
      version: 1,
      time: "2026-01-05T10:00:00.000Z",
      source: "omoios",
      subject: { kind: "task", id: task_id },
      actor: ctx.actor,
      correlation_id: ctx.correlation_id,
      causation_id: "task_1#2#0",
      traceparent: "00-1-2-01",
      data: { task_id, ticket_id, phase_id, status, priority, attempt, fence, version, agent_id },
    });
  });

  test("are numbered in their order, and the same again at a second relay", () => {
    const item = itemWith("task", task, { type: "task.lease_expired" }, { type: "task.ready" });
    expect(envelopesOf(item).map(({ id, type }) => [id, type])).toEqual([
      [`${task.task_id}#9#0`, "task.lease_expired"],
      [`${task.task_id}#9#1`, "task.ready"],
    ]);
    expect(envelopesOf(item)).toEqual(envelopesOf(item));
  });

  test("take what the event brings before what the row says", () => {
    const [event] = envelopesOf(
      itemWith("task", task, { type: "task.cancelled", data: { cause: "why", status: "said" } }),
    );
    expect(event?.data).toMatchObject({ cause: "why", status: "said", fence: 1 });
  });

  test("of a row that speaks for another subject have ids of their own", () => {
    const letter = { version: 9, dead_letter_id: "dead_1", task_id: task.task_id, ticket_id: "t", attempt: 1 } as never;
    const [event] = envelopesOf(itemWith("dead_letter", letter, { type: "task.dead_lettered" }));
    expect(event?.subject).toEqual({ kind: "task", id: task.task_id });
    expect(event?.id).toBe("dead_1#9#0");
  });

  test("of rows that lie with their subject, too: each has versions of its own", () => {
    const agent_id = "agent_1" as never;
    const profile = { version: 9, agent_id, added: ["lang:go"], removed: [] } as never;
    const [changed] = envelopesOf(itemWith("agent_profile", profile, { type: "agent.capabilities_changed" }));
    expect(changed).toMatchObject({
      id: "agent_1.profile#9#0",
      subject: { kind: "agent", id: "agent_1" },
      data: { added: ["lang:go"], removed: [] },
    });
    const fleet = { version: 9, silent_since: NOW };
    const data = { silent: 5, active: 6 };
    const [silent] = envelopesOf(itemWith("fleet", fleet, { type: "monitor.mass_silence", data }));
    expect(silent).toMatchObject({ id: "fleet#9#0", subject: { kind: "monitor", id: "monitor" }, data });
  });

  test.each<[string, object]>([
    ["an item without events", itemWith("task", task)],
    ["no image at all", {}],
  ])("there are none of %s", (_, item) => {
    expect(envelopesOf(item as never)).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      "an unknown kind",
      { pk: "x#1", out: packEvents(ctx, [{ type: "task.ready" }]), version: 1 },
      "An item of no known kind",
    ],
    ["an unknown event", itemWith("task", task, { type: "task.exploded" as never }), "No such event: task.exploded"],
    ["a broken string", { ...itemWith("task", task), out: "{" }, "JSON"],
  ])("%s is not passed over", (_, item, message) => {
    expect(() => envelopesOf(item as never)).toThrow(message);
  });
});

describe("the message that wakes an item", () => {
  test("names it by kind and id, and the moment that it waits for", () => {
    const item = itemOf("task", { ...task, due_at: NOW + 5 }, NOW);
    expect(timerOf(item)).toEqual({ kind: "task", id: task.task_id, due_at: NOW + 5 });
  });

  test.each<[string, object]>([
    ["that waits for nothing", itemOf("task", task, NOW)],
    [
      "of a kind that nobody wakes",
      { ...itemOf("task_body", { ticket_id: "t", n: 1, version: 1 } as never, NOW), due_at: NOW },
    ],
    ["that is none of ours", { pk: "x#1", due_at: NOW }],
    // An event does this work; the sweep stands behind it.
    [
      "whose end is being followed up",
      itemOf("task", taskRow({ status: "completed", settling: true, due_at: NOW }), NOW),
    ],
    ["whose dependencies are looked at again", itemOf("task", taskRow({ checking: true, due_at: NOW }), NOW)],
  ])("is not sent for one %s", (_, item) => {
    expect(timerOf(item as never)).toBeUndefined();
  });
});
