import type { Tables } from "@omoios/adapters/dynamodb/client";
import { freeSlot } from "@omoios/domain/agents/acting";
import { AGENT_ID, agentRow } from "@omoios/domain/agents/agent-row.fixture";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { withDeadSlotsFree } from "@omoios/domain/tasks/slots";
import type { TaskId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { NOW, runningTask, SECOND, taskRow } from "../harness/task-row.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

let made = 0;

/** Whether an agent whose one slot was written so long ago for that task may take another one. */
async function isFree(given: Partial<TaskRow>, seconds: number): Promise<boolean> {
  const task_id = `task_${String(++made).padStart(20, "0")}` as TaskId;
  const { rooms, context } = timedRooms(tables, { now: NOW });
  const { store, commit } = rooms.parts;
  const row = given.status === "running" ? runningTask({ ...given, task_id }) : taskRow({ ...given, task_id });
  await commit(context(), [{ kind: "task", after: { ...row, version: 0 } }]);
  const slot = { task_id, fence: 1, at: NOW - seconds * SECOND };
  const agent = agentRow({ capacity: 1, slots: { "0": slot } });
  return freeSlot(await withDeadSlotsFree({ store }, agent, NOW)) !== undefined;
}

it.each<[string, Partial<TaskRow>, number, boolean]>([
  ["is written and its task may be taken any moment", { status: "ready" }, 9, false],
  ["was written long ago and its task never taken", { status: "ready" }, 10, true],
  ["was passed over: its task went to another and came back", { status: "ready", fence: 1 }, 0, true],
  ["is of a task that was cancelled", { status: "cancelled" }, 0, true],
  ["is of a task that the agent holds", { status: "running", fence: 1, agent_id: AGENT_ID }, 60, false],
  ["is of a task that it held under another fence", { status: "running", fence: 2, agent_id: AGENT_ID }, 60, true],
])("a slot that %s", async (_, task, seconds, free) => {
  expect(await isFree(task, seconds)).toBe(free);
});
