import type { ClaimedTask } from "@omoios/contracts/views/task";
import { checksumOf, type Heartbeat } from "@omoios/domain/agents/heartbeat";
import { type AgentRow, agentEnded, hasEnded } from "@omoios/domain/agents/model";
import type { RequestContext } from "@omoios/domain/commit";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "../../chance.ts";
import { type Api, insistOn, Unanswered } from "../../plane/api.ts";
import type { Instance } from "../../plane/instances.ts";
import type { VirtualTime } from "../../virtual-time.ts";

/** An agent that does its work, until it is killed or told to stop. */
export interface Agent {
  readonly number: number;
  /** Of its present registration. */
  readonly agent_id: AgentId | undefined;
  /** What it works on. */
  readonly held: ReadonlySet<TaskId>;
  readonly gone: boolean;
  /** It does nothing more, and tells nobody. */
  kill(): void;
  /** Its heartbeats arrive no more until then, or until it registers anew. */
  mute(until: Instant): void;
}

export interface AgentParts {
  time: VirtualTime;
  chance: Chance;
  api: Api;
  phase_id: string;
  task_ms: number;
  /** Whether a heartbeat is lost on its way. */
  isLost(): boolean;
  completed(): void;
}

/** Sooner than the limits ask for, whether it works or not. */
const BEAT_MS = 12_000;
const ASKS_AGAIN_MS = 3_000;

/**
 * Starts an agent. One that the plane has ended registers again in its own place.
 * @param instead_of whom it replaces, where it was asked for
 */
export function startAgent(parts: AgentParts, number: number, instead_of: AgentId | undefined): Agent {
  const { time } = parts;
  const held = new Set<TaskId>();
  let agent_id: AgentId | undefined;
  let gone = false;
  let muted_until = 0;

  const live = async (id: AgentId): Promise<void> => {
    let ended = false;
    const lives = () => !gone && !ended;
    const call: AgentCall = async (act) => {
      try {
        return await callAs(parts, id, act);
      } catch (error) {
        if (error instanceof Problem && error.code === "agent.ended") ended = true;
        if (error instanceof Problem || error instanceof Unanswered) return undefined;
        throw error;
      }
    };
    await call((instance, ctx, row) => instance.rooms.agents.heartbeat(ctx, row, beatOf(1, held)));
    let sequence = 1;
    const beat = async () => {
      const body = beatOf(++sequence, held);
      const arrives = lives() && time.now() >= muted_until && !parts.isLost();
      if (arrives) await call((instance, ctx, row) => instance.rooms.agents.heartbeat(ctx, row, body));
    };
    const beats = async () => {
      while (lives()) {
        await time.sleep(BEAT_MS);
        await beat();
      }
    };
    const works = async () => {
      for (let asked = 0; lives(); asked++) {
        const request = { max: 1, wait_ms: 0, key: `${id}-${asked}` };
        const [task] = (await call((instance, ctx, row) => instance.rooms.claim(ctx, row, request)))?.tasks ?? [];
        if (task === undefined) await time.sleep(ASKS_AGAIN_MS);
        else {
          held.add(task.task_id as TaskId);
          // Said at once: the plane awaits the beats of one that works sooner.
          void beat();
          await workOn(parts, call, lives, held, task);
        }
      }
    };
    await Promise.all([beats(), works()]);
    if (!gone) held.clear();
  };

  void (async () => {
    for (let replaces = instead_of; !gone; replaces = agent_id) {
      agent_id = await register(parts, number, replaces);
      muted_until = 0;
      await live(agent_id);
    }
  })();

  return {
    number,
    held,
    get agent_id() {
      return agent_id;
    },
    get gone() {
      return gone;
    },
    kill() {
      gone = true;
    },
    mute(until) {
      muted_until = until;
    },
  };
}

/** What the plane answers; nothing where it refuses, or does not answer. */
type AgentCall = <T>(act: Act<T>) => Promise<T | undefined>;
type Act<T> = (instance: Instance, ctx: RequestContext, row: AgentRow) => Promise<T>;

/** The agent's row is read first, as authentication does. */
const callAs = <T>({ api }: AgentParts, agent_id: AgentId, act: Act<T>): Promise<T> =>
  api.call({
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

async function workOn(
  { time, task_ms, completed }: AgentParts,
  call: AgentCall,
  lives: () => boolean,
  held: Set<TaskId>,
  task: ClaimedTask,
): Promise<void> {
  const { fence, title } = task;
  const task_id = task.task_id as TaskId;
  await time.sleep(task_ms / 2);
  if (lives()) await call(({ rooms }, ctx, row) => rooms.holder.progress(ctx, row, task_id, { fence, percent: 50 }));
  await time.sleep(task_ms / 2);
  if (!lives()) return;
  const result = { success: true, output: {}, artifacts: [], handoff: { done: [title] } };
  const done = await call(({ rooms }, ctx, row) => rooms.holder.complete(ctx, row, task_id, fence, result));
  held.delete(task_id);
  if (done !== undefined) completed();
}

async function register(parts: AgentParts, number: number, replaces: AgentId | undefined): Promise<AgentId> {
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
