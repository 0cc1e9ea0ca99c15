import type { ClaimedTask } from "@omoios/contracts/views/task";
import { fromRfc3339 } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { type Agent, createAgent } from "@omoios/sdk/agent";
import { ApiProblem, Unreachable } from "@omoios/sdk/api-problem";
import type { Client } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";
import { BEAT_MS, Ended, type Register, Unheard, type Voice } from "../actors/voice.ts";
import type { Desk } from "./desk.ts";

interface VoiceParts {
  url: string;
  operator: Client;
  desk: Desk;
  /** Hears of each registration. */
  made(agent_id: string): void;
}

/** How much of the time until a beat is awaited passes before it is sent. */
const BEATS_AFTER = 0.4;
const GONE: ReadonlySet<string> = new Set(["agent.ended", "auth.invalid"]);

/** Agents that register with the stage and call it over HTTP, as any agent does. */
export const voicesAt =
  (parts: VoiceParts): Register =>
  async (_number, instead_of) => {
    const { url, operator, desk, made } = parts;
    const { identity } = await registerAgent(operator, {
      agent_type: "worker",
      phase_ids: [desk.phase_id],
      capabilities: [desk.capability],
      capacity: 1,
      version: "1.0.0",
      tags: ["game-day"],
      ...(instead_of === undefined ? {} : { replaces: instead_of }),
    });
    made(identity.agent_id);
    return voiceOf(parts, createAgent({ url, ...identity }));
  };

function voiceOf({ operator, desk }: VoiceParts, agent: Agent): Voice {
  const said = new Set<string>();
  let beats_every_ms = BEAT_MS;

  /** A stage may ask for beats sooner than the shipped limits do, and sooner of one that works. */
  const learn = async () => {
    const health = await operator.getAgentHealth({ params: { agent_id: agent.agent_id } }).catch((error: unknown) => {
      // Of the operator's key and not of the agent's: the agent has not ended.
      const refused = error instanceof ApiProblem && error.code === "auth.invalid";
      throw refused ? new Error("The stage refuses the operator's key", { cause: error }) : error;
    });
    const [last, until] = [fromRfc3339(health.last_heartbeat_at ?? ""), fromRfc3339(health.awaited_until ?? "")];
    if (last !== undefined && until !== undefined)
      beats_every_ms = Math.min(beats_every_ms, (until - last) * BEATS_AFTER);
  };

  return {
    agent_id: agent.agent_id as AgentId,
    get beats_every_ms() {
      return beats_every_ms;
    },
    beat: (held) =>
      heard(async () => {
        const status = held.size > 0 ? "RUNNING" : "IDLE";
        const beat = { status, current_task_ids: [...held], health_metrics: {} } as const;
        await (said.size === 0 ? agent.start(beat) : agent.heartbeat(beat));
        if (said.has(status)) return;
        said.add(status);
        await learn();
      }),
    claim: () =>
      heard(async () => {
        const [task] = (await agent.claim({ max: 1, wait_ms: 0 })).tasks;
        if (task === undefined || task.ticket_id === desk.ticket_id) return task;
        // Work of others that came meanwhile.
        const body = { fence: task.fence, reason: "A game day's agent does no work but its own" };
        await agent.client.releaseTask({ params: idOf(task), body });
        return undefined;
      }),
    progress: (task) =>
      heard(() => agent.client.progressTask({ params: idOf(task), body: { fence: task.fence, percent: 50 } })),
    complete(task) {
      const result = { success: true, handoff: { done: [task.title] } };
      return heard(() => agent.client.completeTask({ params: idOf(task), body: { fence: task.fence, result } }));
    },
  };
}

const idOf = ({ task_id }: ClaimedTask): { task_id: TaskId } => ({ task_id: task_id as TaskId });

async function heard<T>(say: () => Promise<T>): Promise<T> {
  try {
    return await say();
  } catch (error) {
    if (error instanceof ApiProblem && GONE.has(error.code)) throw new Ended();
    if (error instanceof ApiProblem || error instanceof Unreachable) throw new Unheard();
    throw error;
  }
}
