import { isId, type TaskId } from "@omoios/kernel/ids";
import type { AgentRow } from "../agents/model.ts";
import { foreignCursor } from "../foreign-cursor.ts";
import type { Page, PageRequest } from "../store.ts";
import { shardOf } from "./lane.ts";
import type { ReadyEntry, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { tasksOf } from "./reads.ts";
import { leasedTo } from "./slots.ts";

type Parts = Pick<TaskParts, "store" | "lanes">;
type Place = Pick<ReadyEntry, "virtual_start"> & { task_id: string };

/** Agents looked at for what they hold, per page of running tasks. */
const AGENTS = 25;

/** The ready tasks of a phase, out of all its lanes and shards: the earliest virtual start first, of equal ones by id. */
export async function readyTasks(
  parts: Parts,
  phase_id: string,
  { limit, cursor }: PageRequest,
): Promise<Page<TaskRow>> {
  const after = cursor === undefined ? undefined : readPlace(cursor);
  const lanes = (await parts.store.all("lane", {})).filter((lane) => lane.phase_id === phase_id);
  const shards = lanes.flatMap(({ lane, shards: count }) =>
    Array.from({ length: count }, (_, shard) => shardOf(lane, shard)),
  );
  const found = await Promise.all(shards.map((shard) => entriesAfter(parts, shard, after, limit + 1)));
  const entries = found.flat().sort(inOrder);
  const page = entries.slice(0, limit);
  const ids = page.map(({ task_id }) => task_id as TaskId);
  const tasks = new Map((await tasksOf(parts, ids)).map((task) => [task.task_id, task]));
  const rows = ids.flatMap((id) => tasks.get(id) ?? []).filter(({ status }) => status === "ready");
  const last = page.at(-1);
  const more = entries.length > limit && last !== undefined;
  return { rows, cursor: more ? `${last.virtual_start}.${last.task_id}` : undefined };
}

/**
 * At least `count` of a shard's entries after a place, or all there are. The index orders equal starts in its own way, so that those of
 * the last start are taken only where the whole of them was read.
 */
async function entriesAfter({ lanes }: Parts, shard: string, after: Place | undefined, count: number) {
  for (let ask = count + 1; ; ask *= 2) {
    const read = await lanes.page(shard, ask, after?.virtual_start);
    const all = read.length < ask;
    const last = read.at(-1)?.virtual_start;
    const whole = all ? read : read.filter(({ virtual_start }) => virtual_start !== last);
    const next = whole.filter((entry) => after === undefined || inOrder(entry, after) > 0);
    if (all || next.length >= count) return next;
  }
}

const inOrder = (a: Place, b: Place) =>
  a.virtual_start - b.virtual_start || (a.task_id < b.task_id ? -1 : Number(a.task_id > b.task_id));

function readPlace(cursor: string): Place {
  const [, start, task_id] = /^(-?\d+(?:\.\d+)?)\.(task_\w+)$/.exec(cursor) ?? [];
  if (start === undefined || task_id === undefined) throw foreignCursor();
  return { virtual_start: Number(start), task_id };
}

/** The tasks of a phase that agents hold, read from the agents' slots. A page may be empty and not the last. */
export async function runningTasks(
  parts: Parts,
  phase_id: string,
  { limit, cursor }: PageRequest,
): Promise<Page<TaskRow>> {
  const [after, from] = readHeldPlace(cursor);
  const profiles = await parts.store.list("agent_profile", "agents", { limit: AGENTS, cursor: from });
  const agents = await parts.store.getMany(
    "agent",
    profiles.rows.filter((row) => row.phase_ids.includes(phase_id)).map(({ agent_id }) => ({ agent_id })),
  );
  const held = (await heldBy(parts, agents)).filter((task) => task.phase_id === phase_id);
  const { rows, last } = pageOfHeld(held, after, limit);
  if (last !== undefined) return { rows, cursor: `${last}.${from ?? ""}` };
  return { rows, cursor: profiles.cursor === undefined ? undefined : `.${profiles.cursor}` };
}

/** The tasks that one agent holds. */
export async function tasksHeldBy(
  parts: Parts,
  agent_id: string,
  { limit, cursor }: PageRequest,
): Promise<Page<TaskRow>> {
  const [after] = readHeldPlace(cursor);
  const agent = isId("agent", agent_id) ? await parts.store.get("agent", { agent_id }) : undefined;
  const { rows, last } = pageOfHeld(agent === undefined ? [] : await heldBy(parts, [agent]), after, limit);
  return { rows, cursor: last === undefined ? undefined : `${last}.` };
}

const heldBy = async (parts: Parts, agents: readonly AgentRow[]): Promise<TaskRow[]> =>
  (await Promise.all(agents.map((agent) => leasedTo(parts, agent, Object.values(agent.slots))))).flat();

/** @returns `last` where more follow */
function pageOfHeld(held: readonly TaskRow[], after: string, limit: number) {
  const next = held.filter(({ task_id }) => task_id > after).sort((a, b) => (a.task_id < b.task_id ? -1 : 1));
  const rows = next.slice(0, limit);
  return { rows, last: next.length > limit ? rows.at(-1)?.task_id : undefined };
}

/** `<task>.<cursor of the agents>`: after which task, of which page of agents. */
function readHeldPlace(cursor: string | undefined): [after: string, agents: string | undefined] {
  if (cursor === undefined) return ["", undefined];
  const [, after, agents] = /^(task_\w+)?\.([\w-]*)$/.exec(cursor) ?? [];
  if (agents === undefined) throw foreignCursor();
  return [after ?? "", agents === "" ? undefined : agents];
}
