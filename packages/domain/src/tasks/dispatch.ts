import type { DispatchMessage } from "@omoios/contracts/jobs";
import { type AgentId, isId } from "@omoios/kernel/ids";
import { freeSlot } from "../agents/acting.ts";
import { byFit, fitOf } from "../agents/best-fit.ts";
import { missesOf } from "../agents/ladder.ts";
import type { AgentRow, DeliveryRow } from "../agents/model.ts";
import type { HeldSocket } from "../agents/sockets.ts";
import { type TellParts, tell } from "../agents/tell.ts";
import type { RequestContext } from "../commit.ts";
import { type AssignParts, assign, avoids, letPass } from "./assign.ts";
import { missingFor } from "./lane.ts";
import type { ReadyEntry, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

export type DispatchParts = AssignParts &
  TellParts &
  Pick<TaskParts, "pulse" | "watch" | "workHints" | "isPaused" | "pausedLanes"> & {
    /** Sockets that are held, up to `reach_cache_ms` old. */
    held(): Promise<readonly HeldSocket[]>;
    /** Agents that are pushed to, as old. */
    pushed(): Promise<readonly DeliveryRow[]>;
  };

/** How an agent can be told: over its socket, or by its webhook. */
interface Reach {
  agent_id: AgentId;
  socket?: HeldSocket;
  delivery?: DeliveryRow;
}

/** An idle agent that can take the task, how it is told, and whether it failed the task lately. */
type Candidate = Reach & { agent: AgentRow; score: number; avoids: boolean };

/**
 * Lets idle agents know that a task is ready: claims that wait in this process, and of the agents that can be told the few that fit
 * best. A best fit that is pushed to gets the task; others are woken, and claim. A hint: a stale one is left, and nothing waits for it.
 * Where nobody can be told it reads the task and nothing else.
 */
export async function dispatch(parts: DispatchParts, ctx: RequestContext, message: DispatchMessage): Promise<void> {
  const task = isId("task", message.task_id) ? await parts.store.get("task", { task_id: message.task_id }) : undefined;
  if (task?.status !== "ready") return;
  const entry = entryOf(task);
  parts.workHints.sawReady(entry.ready_lane, entry.virtual_start);
  const { dispatch_agents_told } = parts.limits;
  parts.watch.notify(task.lane, dispatch_agents_told);
  const [held, pushed] = await Promise.all([parts.held(), parts.pushed()]);
  const living = held.filter(({ ends_at }) => ends_at > ctx.now);
  if (living.length + pushed.length === 0 || (await parts.isPaused())) return;
  if ((await parts.pausedLanes()).has(task.lane)) return;
  const fittest = await candidates(parts, ctx, task, { living, pushed });
  const [best] = fittest;
  if (best?.delivery !== undefined) {
    await assign(parts, ctx, best.agent, best.delivery, entry);
    return;
  }
  const told = fittest.slice(0, dispatch_agents_told);
  await Promise.all(told.map(({ socket }) => socket && tell(parts, socket, { wake: true })));
}

/** The idle agents that can take the task, the best fit first; those that failed it lately come behind all others. */
async function candidates(
  parts: DispatchParts,
  ctx: RequestContext,
  task: TaskRow,
  { living, pushed }: { living: readonly HeldSocket[]; pushed: readonly DeliveryRow[] },
): Promise<Candidate[]> {
  const lane = await parts.store.get("lane", { lane: task.lane });
  if (lane === undefined) return [];
  const able = (await parts.store.all("agent_class", {})).filter((row) => missingFor(lane, row).length === 0);
  const offeredBy = new Map(able.map((row) => [row.class_id, row.capabilities]));
  const sockets = living.filter(({ class_id }) => offeredBy.has(class_id));
  const most = parts.limits.dispatch_agents_looked_at;
  const reached: Reach[] = [
    ...someOf(sockets, most, ctx).map((socket) => ({ agent_id: socket.agent_id, socket })),
    ...someOf(pushed, most, ctx).map((delivery) => ({ agent_id: delivery.agent_id, delivery })),
  ];
  const idle = (await idleOf(parts, ctx, task, reached)).filter(({ agent }) => offeredBy.has(agent.class_id));
  const ids = idle.map(({ agent_id }) => agent_id);
  const pulses = new Map((ids.length > 1 ? await parts.pulse.getMany(ids) : []).map((row) => [row.agent_id, row]));
  return idle
    .map((found) => {
      const offered = offeredBy.get(found.agent.class_id) ?? [];
      const fit = fitOf(found.agent, offered, missesOf(found.agent, pulses.get(found.agent_id)), lane);
      return { ...found, ...fit, avoids: avoids(found.agent, task.task_id, ctx, parts.limits) };
    })
    .sort((a, b) => Number(a.avoids) - Number(b.avoids) || byFit(a, b));
}

/** Those that have room, and are still as they were when they could be told: under that key, and not one that let this task pass just now. */
async function idleOf(
  { store, limits }: DispatchParts,
  ctx: RequestContext,
  task: TaskRow,
  reached: readonly Reach[],
): Promise<(Reach & { agent: AgentRow })[]> {
  const by = new Map(reached.map((reach) => [reach.agent_id, reach]));
  const keys = [...by.keys()].map((agent_id) => ({ agent_id }));
  return (await store.getMany("agent", keys)).flatMap((agent) => {
    const reach = by.get(agent.agent_id);
    if (reach === undefined || agent.status !== "IDLE" || freeSlot(agent) === undefined) return [];
    const may =
      reach.socket === undefined ? !letPass(agent, task.task_id, ctx, limits) : reach.socket.epoch === agent.epoch;
    return may ? [{ ...reach, agent }] : [];
  });
}

/** What a claim would see of the task in its lane. */
function entryOf({
  task_id,
  fence,
  timeout_seconds,
  virtual_start = 0,
  ready_lane = "",
  released,
}: TaskRow): ReadyEntry {
  return { task_id, fence, timeout_seconds, virtual_start, ready_lane, ...(released ? { released } : {}) };
}

/** At most so many of them, from a random place on, so that in a large fleet all get their turn. */
function someOf<T>(list: readonly T[], most: number, { random }: RequestContext): readonly T[] {
  if (list.length <= most) return list;
  const from = Math.floor(random() * list.length);
  return [...list.slice(from), ...list.slice(0, from)].slice(0, most);
}
