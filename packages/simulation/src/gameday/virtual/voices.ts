import type { ClaimedTask } from "@omoios/contracts/views/task";
import { checksumOf, type Heartbeat } from "@omoios/domain/agents/heartbeat";
import { type AgentRow, agentEnded, hasEnded } from "@omoios/domain/agents/model";
import type { RequestContext } from "@omoios/domain/commit";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "../../chance.ts";
import { type Api, insistOn, Unanswered } from "../../plane/api.ts";
import type { Instance } from "../../plane/instances.ts";
import type { VirtualTime } from "../../virtual-time.ts";
import { BEAT_MS, Ended, type Register, Unheard, type Voice } from "../actors/voice.ts";

interface VoiceParts {
  time: VirtualTime;
  chance: Chance;
  api: Api;
  phase_id: string;
}

/** Agents that call the plane's own rooms, over the simulated network. */
export const voicesIn =
  (parts: VoiceParts): Register =>
  async (number, instead_of) => {
    const own = { ...parts, chance: parts.chance.of(`agent-${number}-${instead_of ?? "first"}`) };
    return voiceOf(parts, await registered(own, number, instead_of));
  };

function voiceOf(parts: VoiceParts, agent_id: AgentId): Voice {
  const call = callAs(parts, agent_id);
  let sequence = 0;
  let asked = 0;
  return {
    agent_id,
    beats_every_ms: BEAT_MS,
    beat(held) {
      const body = beatOf(++sequence, held);
      return call((instance, ctx, row) => instance.rooms.agents.heartbeat(ctx, row, body));
    },
    async claim() {
      const request = { max: 1, wait_ms: 0, key: `${agent_id}-${asked++}` };
      const [task] = (await call((instance, ctx, row) => instance.rooms.claim(ctx, row, request))).tasks;
      return task;
    },
    progress: (task) =>
      call(({ rooms }, ctx, row) => rooms.holder.progress(ctx, row, idOf(task), { fence: task.fence, percent: 50 })),
    complete(task) {
      const result = { success: true, output: {}, artifacts: [], handoff: { done: [task.title] } };
      return call(({ rooms }, ctx, row) => rooms.holder.complete(ctx, row, idOf(task), task.fence, result));
    },
  };
}

const idOf = ({ task_id }: ClaimedTask) => task_id as TaskId;

type Act<T> = (instance: Instance, ctx: RequestContext, row: AgentRow) => Promise<T>;

/** The agent's row is read first, as authentication does. */
const callAs =
  ({ api }: VoiceParts, agent_id: AgentId) =>
  async <T>(act: Act<T>): Promise<T> => {
    try {
      return await api.call({
        of: "api-agents",
        actor: { kind: "agent", id: agent_id, authority: "WORKER" },
        tries: 3,
        async act(instance, ctx) {
          const row = await instance.rooms.parts.store.get("agent", { agent_id });
          if (row === undefined) throw new Problem("auth.invalid");
          if (hasEnded(row)) throw agentEnded(row);
          return act(instance, ctx, row);
        },
      });
    } catch (error) {
      if (error instanceof Problem && error.code === "agent.ended") throw new Ended();
      if (error instanceof Problem || error instanceof Unanswered) throw new Unheard();
      throw error;
    }
  };

async function registered(parts: VoiceParts, number: number, replaces: AgentId | undefined): Promise<AgentId> {
  const { chance, phase_id } = parts;
  const x = Buffer.from(Array.from({ length: 32 }, () => chance.between(0, 255))).toString("base64url");
  const wanted = {
    agent_type: "worker" as const,
    phase_ids: [phase_id],
    capabilities: [],
    capacity: 1,
    version: "1.0.0",
    public_key: { kty: "OKP" as const, crv: "Ed25519" as const, x },
    ...(replaces === undefined ? {} : { replaces }),
  };
  const request = { id: `agent-${number}-${replaces ?? "first"}`, route: "registerAgent" };
  return (await insistOn(
    parts,
    request,
    async ({ rooms }, ctx) => (await rooms.agents.register(ctx, wanted)).agent_id,
  )) as AgentId;
}

function beatOf(sequence_number: number, held: ReadonlySet<TaskId>): Heartbeat {
  const body: Heartbeat = {
    sequence_number,
    status: held.size > 0 ? "RUNNING" : "IDLE",
    current_task_ids: [...held],
    health_metrics: {},
    checksum: "",
  };
  return { ...body, checksum: checksumOf(body) };
}
