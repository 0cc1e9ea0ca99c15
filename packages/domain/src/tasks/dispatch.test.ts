import { defaultLimits } from "@omoios/contracts/default-limits";
import { systemContext } from "@omoios/kernel/context";
import type { TaskId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { NOW, taskRow } from "../../../../tests/harness/task-row.ts";
import { agentRow, pulseRow, slot } from "../agents/agent-row.fixture.ts";
import type { AgentRow } from "../agents/model.ts";
import type { HeldSocket } from "../agents/sockets.ts";
import type { Take } from "../store.ts";
import { dispatch } from "./dispatch.ts";

const TASK = taskRow({ status: "ready" });
const ABLE = "c";
const agent = (name: string, given: Partial<AgentRow> = {}) =>
  agentRow({ agent_id: name as never, capacity: 1, class_id: ABLE, ...given });
const socketOf = ({ agent_id, epoch, class_id }: AgentRow, given: Partial<HeldSocket> = {}): HeldSocket => ({
  agent_id,
  connection_id: `to-${agent_id}`,
  epoch,
  class_id,
  ends_at: NOW + 1,
  ...given,
});

interface Stage {
  agents: AgentRow[];
  held?: HeldSocket[];
  /** Agents that are pushed to. */
  pushed?: AgentRow[];
  task?: typeof TASK;
  post?: (connection_id: string) => Promise<"sent" | "gone">;
  limits?: Partial<typeof defaultLimits>;
}

/** A stage with one lane, one class that can take it, and these agents of it; each holds a socket unless `held` says otherwise. */
async function dispatched({
  agents,
  held = agents.map((row) => socketOf(row)),
  pushed = [],
  task = TASK,
  post,
  limits = {},
}: Stage) {
  const seen = {
    assigned: [] as string[],
    told: [] as string[],
    closed: [] as string[],
    noticed: [] as string[],
    reads: [] as string[],
  };
  const lane = { lane: TASK.lane, phase_id: TASK.phase_id, capabilities: ["lang:go"] };
  const agentClass = { class_id: ABLE, phase_ids: [TASK.phase_id], capabilities: ["lang:go"] };
  const parts = {
    store: {
      get: async (kind: string) => {
        seen.reads.push(kind);
        return kind === "task" ? task : lane;
      },
      all: async () => [agentClass],
      getMany: async (_kind: string, keys: { agent_id: string }[]) =>
        [...agents, ...pushed].filter((row) => keys.some(({ agent_id }) => agent_id === row.agent_id)),
    },
    pulse: { getMany: async (ids: string[]) => ids.map((agent_id) => pulseRow({ agent_id: agent_id as never })) },
    watch: { notify: () => undefined },
    workHints: { sawReady: () => undefined },
    limits: { ...defaultLimits, ...limits },
    isPaused: async () => false,
    pausedLanes: async () => new Set(),
    commit: async (_ctx: unknown, [{ after }]: [{ after: unknown }]) => [after],
    lanes: {
      take: async (_ctx: unknown, _entry: unknown, take: Take) => {
        seen.assigned.push(take.agent_id);
        return { ...TASK, status: take.status };
      },
    },
    send: async ({ url }: { url: string }) => void seen.told.push(url),
    held: async () => held,
    pushed: async () => pushed.map(({ agent_id }) => ({ version: 0, agent_id, url: `push-${agent_id}`, secret: "s" })),
    sockets: { close: async (connection_id: string) => void seen.closed.push(connection_id) },
    post: async (connection_id: string) => {
      seen.told.push(connection_id.replace("to-", ""));
      return post === undefined ? "sent" : post(connection_id);
    },
    notice: (message: string) => void seen.noticed.push(message),
  };
  const ctx = systemContext("dispatch", NOW, seededRandom(7));
  await dispatch(parts as never, ctx, { task_id: TASK.task_id as TaskId, version: 1 });
  return seen;
}

it("wakes the two that fit best, of those with a socket and a free slot", async () => {
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
  expect((await dispatched({ agents })).told).toEqual(["roomy", "good"]);
  expect((await dispatched({ agents: agents.slice(0, 2) })).told).toEqual(["plain", "silent"]);
  const held = [agents[0], agents[2]].flatMap((row) => (row === undefined ? [] : [socketOf(row)]));
  expect((await dispatched({ agents, held })).told).toEqual(["plain"]);
});

it("looks at as many and wakes as many as the limits say", async () => {
  const agents = ["a", "b", "c", "d"].map((name) => agent(name));
  const told = async (limits: Partial<typeof defaultLimits>) => (await dispatched({ agents, limits })).told.length;
  expect(await told({ dispatch_agents_told: 1 })).toBe(1);
  expect(await told({ dispatch_agents_told: 3 })).toBe(3);
  expect(await told({ dispatch_agents_told: 4, dispatch_agents_looked_at: 2 })).toBe(2);
});

it("reads the task alone where nobody holds a socket", async () => {
  const held = [socketOf(agent("gone"), { ends_at: NOW })];
  expect(await dispatched({ agents: [agent("plain")], held })).toMatchObject({ told: [], reads: ["task"] });
});

it("wakes nobody for a task that is ready no more", async () => {
  const { told } = await dispatched({ agents: [agent("plain")], task: taskRow({ status: "running" }) });
  expect(told).toEqual([]);
});

it("wakes none whose key was revoked since, or whose class cannot take the task", async () => {
  const plain = agent("plain");
  expect((await dispatched({ agents: [plain], held: [socketOf(plain, { epoch: 7 })] })).told).toEqual([]);
  expect((await dispatched({ agents: [plain], held: [socketOf(plain, { class_id: "other" })] })).told).toEqual([]);
});

it("forgets a connection that is gone, and says which wake failed", async () => {
  const agents = [agent("a"), agent("b")];
  const seen = await dispatched({
    agents,
    post: async (id) => {
      if (id === "to-a") return "gone";
      throw new Error("refused");
    },
  });
  expect(seen).toMatchObject({ closed: ["to-a"], noticed: ["An agent was not told over its socket"] });
});

it("assigns the task to a best fit that is pushed to, and tells nobody else", async () => {
  const seen = await dispatched({ agents: [agent("plain")], pushed: [agent("roomy", { capacity: 3 })] });
  expect(seen).toMatchObject({ assigned: ["roomy"], told: ["push-roomy"] });
});

it("wakes a best fit that claims, and assigns to none", async () => {
  const seen = await dispatched({ agents: [agent("roomy", { capacity: 3 })], pushed: [agent("plain")] });
  expect(seen).toMatchObject({ assigned: [], told: ["roomy"] });
});

it("pushes to none that let the task pass just now, has no room, or cannot take it", async () => {
  const pushed = [
    agent("passed", { failed: { [TASK.task_id]: NOW - 1 }, stopped: { [TASK.task_id]: NOW - 1 } }),
    agent("full", { slots: { 0: slot(1) } }),
    agent("other", { class_id: "other" }),
  ];
  expect(await dispatched({ agents: [], pushed })).toMatchObject({ assigned: [], told: [] });
  const then = NOW - defaultLimits.assign_again_seconds * 1000;
  const before = agent("passed", { failed: { [TASK.task_id]: then }, stopped: { [TASK.task_id]: then } });
  expect((await dispatched({ agents: [], pushed: [before] })).assigned).toEqual(["passed"]);
});

it("pushes to one that failed the task lately only where there is nobody else", async () => {
  const failed = agent("failed", { capacity: 3, failed: { [TASK.task_id]: NOW - 1 } });
  expect((await dispatched({ agents: [], pushed: [failed, agent("other")] })).assigned).toEqual(["other"]);
  expect(await dispatched({ agents: [agent("woken")], pushed: [failed] })).toMatchObject({
    assigned: [],
    told: ["woken"],
  });
  expect((await dispatched({ agents: [], pushed: [failed] })).assigned).toEqual(["failed"]);
});
