import { fileURLToPath } from "node:url";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { readConfiguration } from "@omoios/app/configuration";
import type { Ground } from "@omoios/app/ground";
import { rooms } from "@omoios/app/rooms";
import { watchRooms } from "@omoios/app/watch-rooms";
import { watchWork } from "@omoios/app/watch-work";
import { work } from "@omoios/app/work";
import type { Envelope } from "@omoios/contracts/events";
import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Priority } from "@omoios/contracts/shapes/common";
import type { Policy } from "@omoios/domain/guardian/policy";
import { systemContext } from "@omoios/kernel/context";
import type { TaskId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { beforeEach, expect, it } from "vitest";
import { tablesAround, withTables } from "../harness/dynamodb.ts";
import { memoryStageKeys } from "../harness/stage-keys.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const HOUR_MS = 3_600_000;
const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));
const LATE: Policy = {
  name: "late",
  enabled: true,
  triggers: [{ event: "task.deadline_missed", matchers: [] }],
  actions: [{ type: "override_priority", target: "task_id", priority: "CRITICAL" }],
  rollback_after_ms: HOUR_MS,
  cooldown_ms: 600_000,
};

let tables: Tables;
let now: number;
/** What the plane has sent itself, and nothing has delivered. */
let messages: TimerMessage[];
let one: Furnished;
let other: Furnished;

beforeEach(async () => {
  const started = await withTables();
  tables = started.tables;
  now = START;
  messages = [];
  [one, other] = [furnished(), furnished()];
  return () => started.stop();
});

type Furnished = ReturnType<typeof furnished>;

/** A process of the stage. */
function furnished() {
  const keys = memoryStageKeys(START);
  const ground: Ground = {
    ...readConfiguration(CONFIG, {}),
    guardian_policies: [LATE],
    stage: "test",
    tables,
    clock: { now: () => now },
    random: systemRandom,
    timers: { set: async (sent) => void messages.push(...sent) },
    token_keys: keys,
    audit_keys: keys,
  };
  const furnished = rooms(ground);
  const watch = watchRooms(ground, furnished);
  return { ...furnished, guardian: watch.guardian, work: work(furnished, async () => watchWork(furnished, watch)) };
}

const context = () => systemContext("test", now, systemRandom);

async function tasks(count: number, priority: Priority = "LOW"): Promise<TaskId[]> {
  const { ticket_id } = await one.tickets.open(context(), { title: "Work", priority: "LOW", labels: [], start: false });
  const drafts = Array.from({ length: count }, (_, n) => ({ title: `Task ${n}`, priority }));
  return (await one.tickets.addTasks(context(), ticket_id, drafts, () => "")).map(({ task_id }) => task_id);
}

const priorityOf = async (task_id: TaskId) => (await one.parts.store.get("task", { task_id }))?.priority;

const override = (at: Furnished, id: TaskId, priority: Priority = "CRITICAL") =>
  at.guardian.intervene(context(), {
    action: "override_priority",
    target: { kind: "task", id },
    parameters: { priority },
    reason: "a test",
  });

/** Asks two processes at once for as many overrides, and says what each was answered. */
async function askAtOnce(ids: readonly TaskId[], priority: Priority): Promise<{ done: number; waits: number[] }> {
  const answers = await Promise.allSettled(ids.map((id, n) => override(n % 2 === 0 ? one : other, id, priority)));
  const refusals = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  for (const refusal of refusals) expect(refusal).toMatchObject({ code: "guardian.action_limit" });
  return { done: answers.length - refusals.length, waits: refusals.map(({ extra }) => extra.retry_after_ms as number) };
}

it("acts ten times within a minute and no more, however many ask at once", async () => {
  const ids = await tasks(16);
  expect(await askAtOnce(ids, "HIGH")).toEqual({ done: 10, waits: Array(6).fill(60_000) });
  const changed = await Promise.all(ids.map(priorityOf));
  expect(changed.filter((priority) => priority === "HIGH")).toHaveLength(10);
  now += 59_999;
  expect(await askAtOnce(ids.slice(0, 2), "MEDIUM")).toEqual({ done: 0, waits: [1, 1] });
  now += 1;
  // What is refused takes nothing of the minute, and neither does a revert.
  const [first] = (await one.guardian.list({ limit: 1 })).items;
  await one.guardian.revert(context(), first?.action_id ?? "", "a test");
  await expect(override(one, "task_00000000000000000000" as TaskId)).rejects.toMatchObject({ code: "task.not_found" });
  expect((await askAtOnce(ids, "CRITICAL")).done).toBe(10);
});

const missed = (task_id: TaskId, n = 0): Envelope => ({
  id: `${task_id}#7#${n}`,
  type: "task.deadline_missed",
  version: 1,
  time: new Date(now).toISOString(),
  source: "omoios",
  subject: { kind: "task", id: task_id },
  actor: { kind: "system", id: "timers", authority: "SYSTEM" },
  correlation_id: "a test",
  causation_id: null,
  traceparent: null,
  data: { task_id, priority: "LOW" },
});

const actionsOn = async (target: TaskId) => (await one.guardian.list({ limit: 10, target })).items;
const dueMessages = () => messages.filter(({ kind }) => kind === "intervention");

it("takes back what a policy did after its time, though its message was lost", async () => {
  const [task_id = "" as TaskId] = await tasks(1);
  await Promise.all([one, other, one, other, one].map((at) => at.work.intervene(missed(task_id))));
  expect(await priorityOf(task_id)).toBe("CRITICAL");
  const [action, ...others] = await actionsOn(task_id);
  expect(others).toEqual([]);
  expect(action).toMatchObject({ policy: "late", rollback_at: "2026-01-05T11:00:00.000Z" });
  const message = { kind: "intervention" as const, id: action?.action_id ?? "", due_at: START + HOUR_MS };

  now = START + HOUR_MS - 1;
  messages = [];
  await one.work.isDue(message);
  expect(dueMessages()).toEqual([message]);
  expect(await priorityOf(task_id)).toBe("CRITICAL");

  // Nothing has delivered that one either. The sweep sends it again, and it may come twice.
  now = START + HOUR_MS + 30_000;
  messages = [];
  await other.work.sweep();
  expect(dueMessages()).toEqual([message]);
  await Promise.all([one.work.isDue(message), other.work.isDue(message)]);
  expect(await priorityOf(task_id)).toBe("LOW");
  expect(await actionsOn(task_id)).toMatchObject([
    { status: "reverted", reverted_by: { id: "guardian.late" }, rollback_at: null, rollback_refused: null },
  ]);
  messages = [];
  await one.work.sweep();
  expect(dueMessages()).toEqual([]);
});

it("has done once what it was not told of: a transaction whose answer was lost", async () => {
  const [task_id = "" as TaskId] = await tasks(1);
  let lost = 0;
  tables = tablesAround(tables, async (command, send) => {
    const answer = await send();
    if (!(command instanceof TransactWriteCommand) || lost++ > 0) return answer;
    throw new Error("socket hang up");
  });
  const unheard = furnished();
  await expect(unheard.work.intervene(missed(task_id))).rejects.toThrow("socket hang up");
  await unheard.work.intervene(missed(task_id));
  const [action, ...others] = await actionsOn(task_id);
  expect(others).toEqual([]);
  expect(action).toMatchObject({ status: "applied", before: { priority: "LOW" } });
  lost = 0;
  const revert = () => unheard.guardian.revert(context(), action?.action_id ?? "", "a test");
  await expect(revert()).rejects.toThrow("socket hang up");
  await expect(revert()).rejects.toMatchObject({ code: "guardian.already_reverted" });
  expect(await priorityOf(task_id)).toBe("LOW");
});

it("leaves what was changed since, and notes why", async () => {
  const [task_id = "" as TaskId] = await tasks(1);
  await one.work.intervene(missed(task_id));
  await one.operator.edit(context(), task_id, { priority: "MEDIUM" });
  now = START + HOUR_MS;
  await one.work.sweep();
  for (const message of dueMessages()) await other.work.isDue(message);
  expect(await priorityOf(task_id)).toBe("MEDIUM");
  // biome-ignore lint/suspicious/noThenProperty: the name that the API gives; it holds a value, and nothing awaits it
  const difference = [{ field: "priority", then: "CRITICAL", now: "MEDIUM" }];
  expect(await actionsOn(task_id)).toMatchObject([
    { status: "applied", rollback_at: null, rollback_refused: { difference } },
  ]);
  messages = [];
  await one.work.sweep();
  expect(dueMessages()).toEqual([]);
  // Whoever puts it right can still take the action back.
  const [action] = await actionsOn(task_id);
  await one.operator.edit(context(), task_id, { priority: "CRITICAL" });
  await one.guardian.revert(context(), action?.action_id ?? "", "a test");
  expect(await priorityOf(task_id)).toBe("LOW");
});

it("lets a policy act when the minute has room again, and leaves its target alone for a while", async () => {
  const [task_id = "" as TaskId, ...others] = await tasks(11);
  await Promise.all(others.map((id) => override(one, id)));
  await expect(one.work.intervene(missed(task_id))).rejects.toMatchObject({ code: "guardian.action_limit" });
  expect(await priorityOf(task_id)).toBe("LOW");
  now += 60_000;
  await one.work.intervene(missed(task_id));
  expect(await priorityOf(task_id)).toBe("CRITICAL");
  const [action] = await actionsOn(task_id);
  await one.guardian.revert(context(), action?.action_id ?? "", "a test");
  await one.work.intervene(missed(task_id, 1));
  expect(await priorityOf(task_id)).toBe("LOW");
  now += LATE.cooldown_ms + 1_000;
  await one.work.intervene(missed(task_id, 2));
  expect(await priorityOf(task_id)).toBe("CRITICAL");
});
