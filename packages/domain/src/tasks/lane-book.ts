import type { Limits } from "@omoios/contracts/limits";
import type { Clock, Instant } from "@omoios/kernel/clock";
import { type NoteRead, UNCOUNTED } from "../cache-counts.ts";
import type { Commit, RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import type { Store } from "../store.ts";
import { classOf, laneOf, missingFor } from "./lane.ts";
import type { ClassRow, LaneRow, PairRow, TaskRow } from "./model.ts";
import { shardsFor, touchClass, touchedForMs, touchLane } from "./touch.ts";

/** How long a process makes tasks ready in as many shards as it knows of, when another has doubled them. */
const SHARDS_KEPT_MS = 60_000;

/** Which lanes there are, which agent classes, and which class can take which lane. */
export interface LaneBook {
  /** The lane of a phase and capabilities, made and compiled if it is new. */
  ensureLane(
    ctx: RequestContext,
    phase_id: string,
    capabilities: readonly string[],
  ): Promise<{ lane: string; shards: number }>;
  /** How many shards the lane of a task has that may become ready; the lane is made again if it was retired while the task waited. */
  shardsOf(ctx: RequestContext, task: Pick<TaskRow, "lane" | "phase_id" | "ticket_id" | "n">): Promise<number>;
  /** Doubles a lane's shards for what becomes ready from now on, unless it was made, touched or doubled just now. May be repeated. */
  grow(ctx: RequestContext, lane: string): Promise<void>;
  /** The class of an agent, made and compiled if it is new. */
  ensureClass(ctx: RequestContext, phase_ids: readonly string[], capabilities: readonly string[]): Promise<string>;
  /** The lanes that a class can take; up to `lane_cache_ms` old. */
  lanesOf(class_id: string): Promise<readonly PairRow[]>;
  /** Compiles all pairs again, should a process have died between a row and its pairs, and removes those of no lane. Gives what it read. */
  compile(ctx: RequestContext): Promise<LanesAndClasses>;
}

export interface LanesAndClasses {
  lanes: readonly LaneRow[];
  classes: readonly ClassRow[];
}

interface Cached<T> {
  value: T;
  until: Instant;
}

/**
 * Lanes are matched to classes, never tasks to agents. Whoever makes a lane or a class writes its own row first and then reads the
 * other side strongly, so of two that appear together at least one sees the other. All of it may be repeated.
 */
export function laneBook(parts: {
  store: Store;
  commit: Commit;
  clock: Clock;
  limits: Limits;
  note_read?: NoteRead;
}): LaneBook {
  const { store, commit, clock, limits, note_read = UNCOUNTED } = parts;
  const knownIn = <T>(cache: ReadonlyMap<string, Cached<T>>, key: string): T | undefined => {
    const known = cache.get(key);
    const knows = known !== undefined && known.until > clock.now();
    note_read(knows);
    return knows ? known.value : undefined;
  };
  const lanes = new Map<string, Cached<{ lane: string; shards: number }>>();
  const classes = new Map<string, Cached<true>>();
  const pairs = new Map<string, Cached<readonly PairRow[]>>();
  const kept_ms = Math.min(SHARDS_KEPT_MS, touchedForMs(limits) / 2);

  const pair = async (ctx: RequestContext, lane: LaneRow, agentClass: ClassRow) => {
    if (missingFor(lane, agentClass).length > 0) return;
    const after: PairRow = {
      version: 0,
      class_id: agentClass.class_id,
      lane: lane.lane,
      phase_id: lane.phase_id,
      shards: lane.shards,
    };
    await commit(ctx, [{ kind: "pair", after, overwrite: true }]);
    pairs.delete(agentClass.class_id);
  };

  /** A pair that was written while its lane went. Whoever makes the lane in this moment may write the pair before it is removed. */
  const dropPair = async (ctx: RequestContext, row: PairRow, agentClass: ClassRow) => {
    if ((await store.get("lane", { lane: row.lane })) !== undefined) return;
    await unlessStale(() => commit(ctx, [{ kind: "pair", before: row }]));
    const lane = await store.get("lane", { lane: row.lane });
    if (lane !== undefined) await pair(ctx, lane, agentClass);
  };

  const ensureLane: LaneBook["ensureLane"] = async (ctx, phase_id, capabilities) => {
    const lane = laneOf(phase_id, capabilities);
    const known = knownIn(lanes, lane);
    if (known !== undefined) return known;
    const shards = shardsFor(limits, lane);
    const row = await touchLane(parts, ctx, {
      version: 0,
      lane,
      phase_id,
      capabilities: [...capabilities],
      shards,
      touched_at: ctx.now,
    });
    if (row.fresh) for (const agentClass of await store.all("agent_class", {})) await pair(ctx, row.lane, agentClass);
    const value = { lane, shards: row.lane.shards };
    lanes.set(lane, { value, until: clock.now() + kept_ms });
    return value;
  };

  return {
    ensureLane,

    async shardsOf(ctx, { lane, phase_id, ticket_id, n }) {
      const known = knownIn(lanes, lane);
      if (known !== undefined) return known.shards;
      const row = await store.get("lane", { lane });
      if (row !== undefined && ctx.now - row.touched_at < touchedForMs(limits)) {
        lanes.set(lane, { value: { lane, shards: row.shards }, until: ctx.now + kept_ms });
        return row.shards;
      }
      const body = await store.get("task_body", { ticket_id, n });
      if (body === undefined) return row?.shards ?? shardsFor(limits, lane);
      return (await ensureLane(ctx, phase_id, body.required_capabilities)).shards;
    },

    async grow(ctx, lane) {
      lanes.delete(lane);
      const before = await store.get("lane", { lane });
      if (before === undefined || before.shards >= limits.lane_shards_most) return;
      // Many processes see the same crowd: the first of them doubles, and only what it is like after that counts again.
      if (ctx.now - before.touched_at < limits.lane_grows_seconds * 1000) return;
      const shards = Math.min(before.shards * 2, limits.lane_shards_most);
      const after: LaneRow = { ...before, shards, touched_at: ctx.now };
      if (!(await unlessStale(() => commit(ctx, [{ kind: "lane", before, after }])))) return;
      for (const agentClass of await store.all("agent_class", {})) await pair(ctx, after, agentClass);
    },

    async ensureClass(ctx, phase_ids, capabilities) {
      const class_id = classOf(phase_ids, capabilities);
      if (knownIn(classes, class_id) !== undefined) return class_id;
      const after: ClassRow = {
        version: 0,
        class_id,
        phase_ids: [...phase_ids],
        capabilities: [...capabilities],
        touched_at: ctx.now,
      };
      await touchClass(parts, ctx, after);
      for (const lane of await store.all("lane", {})) await pair(ctx, lane, after);
      classes.set(class_id, { value: true, until: clock.now() + touchedForMs(limits) });
      return class_id;
    },

    async lanesOf(class_id) {
      const known = knownIn(pairs, class_id);
      if (known !== undefined) return known;
      const value = await store.all("pair", { class_id });
      pairs.set(class_id, { value, until: clock.now() + limits.lane_cache_ms });
      return value;
    },

    async compile(ctx) {
      const [allLanes, allClasses] = await Promise.all([store.all("lane", {}), store.all("agent_class", {})]);
      const standing = new Set(allLanes.map(({ lane }) => lane));
      await inTurn(allClasses, async (agentClass) => {
        const its = await store.all("pair", { class_id: agentClass.class_id });
        for (const row of its) if (!standing.has(row.lane)) await dropPair(ctx, row, agentClass);
        const has = new Set(its.map((row) => `${row.lane}#${row.shards}`));
        for (const lane of allLanes) if (!has.has(`${lane.lane}#${lane.shards}`)) await pair(ctx, lane, agentClass);
      });
      return { lanes: allLanes, classes: allClasses };
    },
  };
}
