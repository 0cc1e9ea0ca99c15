import { fittedEvents } from "@omoios/adapters/dynamodb/fit-events";
import { HOT_ROW_BYTES, itemBytes } from "@omoios/adapters/dynamodb/item-size";
import { packEvents } from "@omoios/adapters/dynamodb/out";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { RequestContext } from "@omoios/domain/commit";
import { shortDigest } from "@omoios/domain/digest";
import { unstuck } from "@omoios/domain/tasks/ended";
import { cancel, complete, type Decided, fail, loseLease, retry, wait } from "@omoios/domain/tasks/lifecycle";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { heard } from "@omoios/domain/tasks/progress";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { runningTask } from "../harness/task-row.ts";

const random = seededRandom(1);
const NOW = Date.parse("2999-12-31T23:59:59Z");
const LANE = shortDigest("PHASE_BUILDING_DONE", "a");

/** A task with every member that can stand at the same time, each as long as it gets. */
function largest(): TaskRow {
  return {
    version: 9_999,
    task_id: newId("task", random),
    ticket_id: newId("ticket", random),
    n: 99_999,
    phase_id: `PHASE_${"X".repeat(40)}`,
    visit: 999,
    priority: "CRITICAL",
    lane: LANE,
    status: "running",
    fence: 9_999,
    agent_id: newId("agent", random),
    lease_expires_at: NOW,
    renewals: 999,
    attempt: 9_999,
    retry_count: 100,
    max_retries: 100,
    timeout_seconds: 604_800,
    deadline_at: NOW,
    deadline_missed: true,
    blockers_left: 0,
    lost_leases: 3,
    failed_alike: { signature: "x".repeat(12), times: 2 },
    has_notes: true,
    created_at: NOW,
    ready_at: NOW,
    started_at: NOW,
    progressed_at: NOW,
    percent: 99.999,
    act: "x".repeat(8),
    repeats: 9_999,
    tokens: 999_999_999,
    stuck: true,
    virtual_start: NOW,
    due_at: NOW,
  };
}

const ctx = {
  now: NOW,
  random,
  actor: { kind: "agent", id: newId("agent", random), authority: "WORKER" },
  correlation_id: newId("request", random),
  causation_id: `${newId("task", random)}#9999#9`,
  traceparent: `00-${"0".repeat(32)}-${"0".repeat(16)}-01`,
} as const;

const failing = fail(largest(), { kind: "permanent", message: "no" }, ctx, defaultLimits);
const each = { ...defaultLimits, progress_event_every_seconds: 0 };
const edited = { type: "task.updated" as const, data: { fields: "priority,deadline_at,title,description" } };
const cases: [string, Pick<Decided, "next" | "events">][] = [
  ["runs, and is edited", { next: largest(), events: [edited] }],
  ["runs, and is stuck", { next: largest(), events: [{ type: "task.stuck" }] }],
  ["lost its lease", loseLease(largest(), { dependents: 10, shards: 64 }, "silent", ctx, defaultLimits)],
  ["timed out", fail({ ...largest(), max_retries: 101 }, { kind: "timeout", message: "late" }, ctx, defaultLimits)],
  ["failed", failing],
  [
    "was opened again before its end was settled",
    retry(failing.next, { dependents: 10, shards: 64 }, ctx, defaultLimits),
  ],
  ["makes progress", heard(largest(), {}, NOW, each)],
  ["makes progress and tells of it", heard(largest(), { note: "€".repeat(2_000) }, NOW, each)],
  ["was cancelled", cancel(largest(), "€".repeat(1_000), ctx, defaultLimits)],
  [
    "was cancelled past its deadline",
    cancel({ ...largest(), deadline_missed: undefined }, "€".repeat(1_000), ctx, defaultLimits),
  ],
  ["waits", wait(largest(), NOW, ctx, defaultLimits, "€".repeat(1_000))],
  ["completed", complete(largest(), { result: "x".repeat(50_000) }, ctx, defaultLimits)],
];

const written = (next: TaskRow, events: Decided["events"], from: RequestContext = ctx) => {
  const change = { kind: "task" as const, before: next, after: next, events };
  const out = packEvents(from, fittedEvents(from, change));
  return { out, bytes: itemBytes({ ...itemOf("task", next, NOW), out }) };
};

it.each(cases)("the largest task takes at most 1,000 bytes when it %s", (_title, { next, events }) => {
  expect(written(next, [...unstuck(largest(), next), ...events]).bytes).toBeLessThanOrEqual(HOT_ROW_BYTES);
});

it.each([
  ["of the largest task to what its row has room for, to the last sign", largest(), "€".repeat(2_000), 3],
  ["of a usual task to what an event takes", runningTask(), "x".repeat(2_000), 180],
  ["of a usual task, signs that JSON writes longer counted", runningTask(), '"'.repeat(2_000), 90],
])("a note is cut, and ends in …: %s", (_title, task, note, least) => {
  const { next, events } = heard(task, { note }, NOW, each);
  const { out = "", bytes } = written(next, events);
  const told: string = JSON.parse(out).e[0][1].note;
  expect(told).toBe(`${note.slice(0, told.length - 1)}…`);
  expect([bytes <= HOT_ROW_BYTES, told.length]).toEqual([true, expect.toSatisfy((length) => length >= least)]);
});

it("a note that fits is told as it is, and one that the row has no room for not at all", () => {
  const { next, events } = heard(runningTask(), { note: " Läuft. " }, NOW, each);
  expect(JSON.parse(written(next, events).out ?? "").e).toEqual([["task.progressed", { note: "Läuft." }]]);
  const full = heard({ ...largest(), phase_id: "X".repeat(400) }, { note: "x" }, NOW, each);
  expect(JSON.parse(written(full.next, full.events).out ?? "").e).toEqual([["task.progressed", {}]]);
});
