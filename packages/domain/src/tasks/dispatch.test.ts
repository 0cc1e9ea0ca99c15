import type { TaskId } from "@omoios/kernel/ids";
import { expect, it } from "vitest";
import { NOW, taskRow } from "../../../../tests/harness/task-row.ts";
import { agentRow, pulseRow, slot } from "../agents/agent-row.fixture.ts";
import type { AgentRow } from "../agents/model.ts";
import { dispatch } from "./dispatch.ts";

const TASK = taskRow({ status: "ready" });
const agent = (name: string, given: Partial<AgentRow> = {}) =>
  agentRow({ agent_id: name as never, capacity: 1, ...given });

/** A store that holds one lane, one class that can take it, and these agents of it. */
function told(agents: AgentRow[], task = TASK): Promise<string[]> {
  const lane = { lane: TASK.lane, phase_id: TASK.phase_id, capabilities: ["lang:go"] };
  const agentClass = { class_id: "c", phase_ids: [TASK.phase_id], capabilities: ["lang:go"] };
  const parts = {
    store: {
      get: async (kind: string) => (kind === "task" ? task : lane),
      all: async () => [agentClass],
      list: async () => ({ rows: agents, cursor: undefined }),
    },
    pulse: { getMany: async (ids: string[]) => ids.map((agent_id) => pulseRow({ agent_id: agent_id as never })) },
  };
  return new Promise((resolve, reject) => {
    const wake = async (_task: unknown, idle: () => Promise<readonly AgentRow[]>) =>
      resolve((await idle()).map(({ agent_id }) => agent_id));
    dispatch(parts as never, { wake }, { task_id: TASK.task_id as TaskId, version: 1 }).then(() => resolve([]), reject);
  });
}

it("tells the two that fit best, of those with a free slot", async () => {
  const missed = { since: NOW, sequence: 4, misses: 1, next_at: NOW };
  const good = { [TASK.phase_id]: { completed: 9, failed: 1, busy_ms: 0 } };
  const agents = [
    agent("plain"),
    agent("silent", { silence: missed, record: good }),
    agent("full", { slots: { 0: slot(1) } }),
    agent("good", { record: good }),
    agent("roomy", { capacity: 3 }),
    agent("degraded", { status: "DEGRADED", capacity: 9 }),
    agent("leaving", { capacity: 9, leaving: { how: "restart", why: "hangs", since: NOW, until: NOW } }),
  ];
  expect(await told(agents)).toEqual(["roomy", "good"]);
  expect(await told(agents.slice(0, 2))).toEqual(["plain", "silent"]);
  expect(await told([])).toEqual([]);
});

it("tells nobody of a task that is ready no more", async () => {
  expect(await told([agent("plain")], taskRow({ status: "running" }))).toEqual([]);
});
