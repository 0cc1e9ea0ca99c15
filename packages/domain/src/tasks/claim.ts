import type { ClaimedTask } from "@omoios/contracts/views/task";
import type { AgentId } from "@omoios/kernel/ids";
import { freeSlot } from "../agents/acting.ts";
import type { AgentRow } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { shortDigest } from "../digest.ts";
import type { Take } from "../store.ts";
import { briefed } from "./brief.ts";
import { countedTakes } from "./crowd.ts";
import { showWork } from "./hint-cache.ts";
import { looksOf } from "./looks.ts";
import type { ReadyEntry, TaskRow } from "./model.ts";
import { openLanesOf } from "./open-lanes.ts";
import type { TaskParts } from "./parts.ts";
import { pickOrder, retryAfterMs } from "./pick.ts";
import { giveUp, reserve } from "./reserve.ts";
import { takenBefore, withDeadSlotsFree } from "./slots.ts";
import { unmetDemands } from "./unmet.ts";

export interface ClaimRequest {
  max: number;
  wait_ms: number;
  /** The claim's idempotency key: asked again with it, a claim gets the same tasks and fences. */
  key: string | undefined;
}

export interface ClaimAnswer {
  tasks: ClaimedTask[];
  retry_after_ms: number;
}

/** Takes of this process that are under way, so that its own claimers do not run for the same entry. */
type UnderWay = Set<string>;

/** Entries read at once, however many takes are under way. */
const LARGEST_PAGE = 100;
/** Agents whose empty answers in a row are remembered. It is a hint to them, and may be forgotten. */
const REMEMBERED_AGENTS = 5_000;

/** The claims of one process. */
export function claims(given: TaskParts) {
  const parts: TaskParts = { ...given, lanes: countedTakes(given) };
  const sayUnmet = unmetDemands(parts);
  const underWay: UnderWay = new Set();
  const emptyInARow = new Map<AgentId, number>();

  return async (ctx: RequestContext, agent: AgentRow, request: ClaimRequest): Promise<ClaimAnswer> => {
    const key = request.key === undefined ? undefined : shortDigest(agent.agent_id, request.key);
    const taken = key === undefined ? [] : await takenBefore(parts, agent, key);
    if (taken.length === 0 && !(await parts.isPaused())) {
      taken.push(...(await takeOrWait(parts, underWay, ctx, agent, { ...request, key })));
      if (taken.length === 0 && freeSlot(agent) !== undefined) await sayUnmet(ctx, agent.class_id);
    }
    const empty = emptyInARow.get(agent.agent_id) ?? 0;
    if (emptyInARow.size >= REMEMBERED_AGENTS) emptyInARow.clear();
    if (taken.length === 0) emptyInARow.set(agent.agent_id, empty + 1);
    else emptyInARow.delete(agent.agent_id);
    const tasks = await Promise.all(taken.map((task) => briefed(parts, task, ctx.now)));
    return {
      tasks,
      retry_after_ms: retryAfterMs(taken.length > 0 ? 0 : empty, parts.limits, ctx.random),
    };
  };
}

type Keyed = Omit<ClaimRequest, "key"> & { key: string | undefined };

async function takeOrWait(
  parts: TaskParts,
  underWay: UnderWay,
  ctx: RequestContext,
  agent: AgentRow,
  request: Keyed,
): Promise<TaskRow[]> {
  let looked_at = parts.clock.now();
  const taken = await takeUpTo(parts, underWay, ctx, agent, request);
  if (taken.length > 0 || request.wait_ms === 0) return taken;
  const leave = parts.watch.enter();
  if (leave === undefined) return taken;
  try {
    const ends_at = parts.clock.now() + request.wait_ms;
    const lanesNow = async () => new Set((await openLanesOf(parts, agent.class_id)).map((pair) => pair.lane));
    let lanes = await lanesNow();
    for (let now = parts.clock.now(); now < ends_at; now = parts.clock.now()) {
      // What became ready while the last look was under way has woken nobody here.
      if (parts.workHints.readySince(lanes, looked_at) === undefined)
        await parts.watch.wait(lanes, Math.min(parts.limits.claim_looks_again_ms, ends_at - now));
      const known = lanes;
      lanes = await lanesNow();
      const told = parts.workHints.readySince(lanes, looked_at);
      const isNew = [...lanes].some((lane) => !known.has(lane));
      if (told === undefined && !isNew && !showWork(await parts.workHints.of([...lanes]))) continue;
      const fresh = await parts.store.get("agent", { agent_id: agent.agent_id });
      if (fresh === undefined || freeSlot(fresh) === undefined || (await parts.isPaused())) return [];
      looked_at = parts.clock.now();
      const found = await takeUpTo(parts, underWay, { ...ctx, now: looked_at }, fresh, request, told);
      if (found.length > 0) return found;
    }
    return [];
  } finally {
    leave();
  }
}

async function takeUpTo(
  parts: TaskParts,
  underWay: UnderWay,
  ctx: RequestContext,
  given: AgentRow,
  { max, key }: Keyed,
  told?: string,
): Promise<TaskRow[]> {
  let agent = await withDeadSlotsFree(parts, given, ctx.now);
  const taken: TaskRow[] = [];
  while (taken.length < max && freeSlot(agent) !== undefined) {
    const result = await takeOne(parts, underWay, ctx, agent, { key, told: taken.length === 0 ? told : undefined });
    agent = result.agent;
    if (result.task === undefined) break;
    taken.push(result.task);
  }
  return taken;
}

/**
 * Looks into lanes until one gives a task: that of which the claim was told, then those that hold work by the hints. The slot first,
 * then the take: a slot without a take is free again, a take without a slot would be held by nobody. A lost race is followed by a fresh
 * page, of another lane where there is one: most of what stood beside the lost entry is gone by then.
 */
async function takeOne(
  parts: TaskParts,
  underWay: UnderWay,
  ctx: RequestContext,
  agent: AgentRow,
  { key, told }: { key: string | undefined; told: string | undefined },
): Promise<{ agent: AgentRow; task?: TaskRow }> {
  const { claim_tries, claim_page } = parts.limits;
  const looks = await looksOf(parts, agent.class_id, ctx.random, told);
  let holder = agent;
  const lost: ReadyEntry[] = [];
  for (let lane = looks.next(); lane !== undefined && lost.length < claim_tries; lane = looks.next()) {
    const gone = (task_id: string) => underWay.has(task_id) || lost.some((entry) => entry.task_id === task_id);
    const looked_at = parts.clock.now();
    // What this process is taking just now is left alone, so it looks that much further.
    const page = await parts.lanes.page(lane, Math.min(LARGEST_PAGE, claim_page + underWay.size));
    const entry = bestFor(
      parts,
      ctx,
      agent,
      page.filter(({ task_id }) => !gone(task_id)),
    );
    if (page.length === 0) parts.workHints.sawEmpty(lane, looked_at);
    if (entry === undefined) {
      await looks.nothingIn(lane);
      continue;
    }
    underWay.add(entry.task_id);
    try {
      const slotted = await reserve(parts, ctx, holder, entry, { before: lost.at(-1), key });
      if (slotted === undefined) return { agent: holder };
      holder = slotted;
      const task = await parts.lanes.take(ctx, entry, takeOf(parts, ctx, agent, entry));
      if (page.length === 1) parts.workHints.sawEmpty(lane, looked_at);
      if (task !== undefined) return { agent: holder, task };
      lost.push(entry);
      looks.lostIn(lane);
    } finally {
      underWay.delete(entry.task_id);
    }
  }
  const last = lost.at(-1);
  return { agent: last === undefined ? holder : await giveUp(parts, ctx, holder, last) };
}

/** The entry that the agent takes: what it failed lately only where there is nothing else. */
function bestFor(
  { limits }: Pick<TaskParts, "limits">,
  ctx: RequestContext,
  agent: AgentRow,
  entries: readonly ReadyEntry[],
): ReadyEntry | undefined {
  const failedSince = ctx.now - limits.avoid_failed_seconds * 1000;
  const avoid = (task_id: string) => (agent.failed[task_id] ?? 0) > failedSince;
  return pickOrder(entries, { spread_ms: limits.claim_spread_seconds * 1000, avoid, random: ctx.random })[0];
}

function takeOf({ limits }: TaskParts, ctx: RequestContext, agent: AgentRow, entry: ReadyEntry): Take {
  const lease_expires_at = ctx.now + limits.lease_seconds * 1000;
  return {
    status: "running",
    agent_id: agent.agent_id,
    fence: entry.fence + 1,
    attempts: entry.released ? 0 : 1,
    lease_expires_at,
    due_at: Math.min(lease_expires_at, ctx.now + entry.timeout_seconds * 1000 + 1),
    events: [{ type: "task.started" }],
  };
}
