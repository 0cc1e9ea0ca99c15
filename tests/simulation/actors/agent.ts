import type { ClaimedTask } from "@omoios/contracts/shapes/task";
import type { AgentRow } from "@omoios/domain/agents/model";
import type { RequestContext } from "@omoios/domain/commit";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "../chance.ts";
import type { Instance } from "../plane/instances.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Changes } from "../wire/changes.ts";
import type { Faults } from "../wire/faults.ts";
import { type Api, Unanswered } from "./api.ts";
import { heartbeatOf } from "./heartbeat.ts";
import { type Said, workOn } from "./work-on.ts";

export interface AgentParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  api: Api;
  agent_id: AgentId;
  capacity: number;
  /** By how much its own clock is wrong. */
  clock_off_ms: number;
  /** What it was told to have done. */
  said: Said[];
  /** What was committed: a run is short when agents do not ask in vain all the time. */
  changes: Changes;
}

/** What an agent does in its turn: asks for work, works, beats. It never ends by itself. */
export interface SimulatedAgent {
  agent_id: AgentId;
  start(): void;
}

/** How often an agent with work beats. Its lease is longer. */
const BEAT_MS = 18_000;

export function simulatedAgent(parts: AgentParts): SimulatedAgent {
  const { time, chance, faults, agent_id } = parts;
  /** Tasks that it works on, by its own account. */
  const held = new Map<TaskId, number>();
  let beats = 1;

  const call = callsOf(parts);

  const beat = async (): Promise<void> => {
    const body = heartbeatOf(++beats, [...held.keys()], time.now() + parts.clock_off_ms);
    const { stop_tasks } = await call((instance, ctx, row) => instance.rooms.agents.heartbeat(ctx, row, body), 1);
    for (const task_id of stop_tasks) held.delete(task_id as TaskId);
  };

  const claim = async (number: number) => {
    const request = { max: chance.between(1, 2), wait_ms: 0, key: `${agent_id}-claim-${number}` };
    return call((instance, ctx, row) => instance.rooms.claim(ctx, row, request), 3);
  };

  const take = (task: ClaimedTask): void => {
    const task_id = task.task_id as TaskId;
    const letGo = () => {
      if (held.get(task_id) === task.fence) held.delete(task_id);
    };
    held.set(task_id, task.fence);
    void workOn({ ...parts, call, task, letGo }).finally(letGo);
  };

  /** With its hands full, or where nothing is ready, it asks now and then all the same. */
  const asks = (): boolean => (held.size < parts.capacity && isAnyReady(parts.changes)) || chance.percent(6);

  const askForWork = async (): Promise<void> => {
    for (let number = 0; ; number++) {
      while (!asks()) await time.sleep(1_500);
      const { tasks, retry_after_ms } = await claim(number).catch(unanswered({ tasks: [], retry_after_ms: 2_000 }));
      for (const task of tasks) take(task);
      const pause = faults.on && chance.percent(5) ? chance.between(10_000, 60_000) : 0;
      // While things go wrong it asks sooner than it was told to.
      await time.sleep(Math.max(faults.on ? Math.min(retry_after_ms, 3_000) : retry_after_ms, 500) + pause);
    }
  };

  const beatOn = async (): Promise<void> => {
    for (;;) {
      await time.sleep(BEAT_MS + chance.between(0, 2_000));
      if (held.size > 0 && !(faults.on && chance.percent(10))) await beat().catch(unanswered(undefined));
    }
  };

  return {
    agent_id,
    start() {
      void askForWork();
      void beatOn();
    },
  };
}

function isAnyReady({ current }: Changes): boolean {
  for (const { ready_lane } of current.values()) if (ready_lane !== undefined) return true;
  return false;
}

/** Calls of the agent: its row is read first, as authentication does. */
export type AgentCall = <T>(
  act: (instance: Instance, ctx: RequestContext, row: AgentRow) => Promise<T>,
  tries: number,
) => Promise<T>;

function callsOf({ api, agent_id }: AgentParts): AgentCall {
  return (act, tries) =>
    api.call({
      of: "api-agents",
      actor: { kind: "agent", id: agent_id, authority: "WORKER" },
      tries,
      async act(instance, ctx) {
        const row = await instance.rooms.parts.store.get("agent", { agent_id });
        if (row === undefined) throw new Problem("auth.invalid");
        return act(instance, ctx, row);
      },
    });
}

/** What an agent goes on with when its call was not answered. */
const unanswered =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof Unanswered) return instead;
    throw error;
  };
