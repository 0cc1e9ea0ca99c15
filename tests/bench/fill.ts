import { packEvents } from "@omoios/adapters/dynamodb/out";
import { type Item, itemOf, keyOf } from "@omoios/adapters/dynamodb/rows";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { newAgent } from "@omoios/domain/agents/registration";
import { makeTask } from "@omoios/domain/tasks/create";
import { classOf, laneOf } from "@omoios/domain/tasks/lane";
import type { TicketRow } from "@omoios/domain/tickets/model";
import { type Context, systemContext } from "@omoios/kernel/context";
import { type AgentId, newId, type TicketId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { importTables, type Stream } from "./import-tables.ts";

/** A lane full of ready tasks, all of one ticket. */
export interface Lane {
  phase_id: string;
  depth: number;
  /** Shards that its tasks stand in; 1 unless given. */
  shards?: number;
  /** Tasks from the lane's head that get a body. Nobody may take one that has none. */
  bodies: number;
  /** Of a body's description; 4 KB unless given. */
  body_bytes?: number;
  /** Agents that are there to take its tasks, each so many at a time. */
  agents?: { count: number; capacity: number };
}

const BODY_BYTES = 4096;

/**
 * Lays a plane's tables with full lanes, as the plane itself would have made them: rows by the domain, items by the adapters.
 * @param path the database's file, which must not exist
 * @returns the agents
 */
export async function layTables(path: string, lanes: readonly Lane[], stream: Stream): Promise<AgentId[]> {
  const ctx = systemContext("bench", Date.now(), seededRandom(1));
  const state = lanes.flatMap((lane) => laneItems(lane, ctx));
  await importTables(path, { state, pulse: lanes.map((lane) => hintItem(lane, ctx.now)) }, stream);
  return state.filter(({ __edb_e__ }) => __edb_e__ === "agent").map(({ agent_id }) => agent_id as AgentId);
}

function laneItems(wanted: Lane, ctx: Context): Item[] {
  const { phase_id, depth, shards = 1, bodies, body_bytes = BODY_BYTES } = wanted;
  const ticket_id = newId("ticket", ctx.random);
  const lane = laneOf(phase_id, []);
  const description = "x".repeat(body_bytes);
  const first = ctx.now - depth;
  const laneRow = { version: 1, lane, phase_id, capabilities: [], shards, touched_at: ctx.now };
  const items = [
    itemOf("ticket", ticketRow(ticket_id, wanted, ctx), ctx.now),
    itemOf("brief", { version: 1, ticket_id, title: "A full lane", labels: [] }, ctx.now),
    itemOf("lane", laneRow, ctx.now),
    ...agentItems(wanted, laneRow, ctx),
  ];
  let sample: Item | undefined;
  for (let n = 0; n < depth; n++) {
    // A thousandth of a second apart, so that the lane has an order.
    const made = { ...ctx, now: first + n };
    const { task, body, events } = makeTask(
      {
        task_id: newId("task", ctx.random),
        title: `Task ${n}`,
        description,
        task_type: "implement",
        phase_id,
        priority: "MEDIUM",
        required_capabilities: [],
        depends_on: [],
      },
      { ticket_id, n, visit: 1, lane, shards, dependents: 0, waits_for: [], looks_again: false },
      made,
      defaultLimits,
    );
    // ElectroDB takes a third of a millisecond for an item. Tasks of a lane differ in what their rows say, and in their keys.
    sample ??= itemOf("task", { ...task, version: 1 }, ctx.now);
    items.push({ ...sample, ...task, version: 1, ...keyOf("task", task), out: packEvents(made, events) });
    if (n < bodies) items.push(itemOf("task_body", { ...body, version: 1 }, ctx.now));
  }
  return items;
}

/** The ticket as it stands when all tasks of the lane are made. */
function ticketRow(ticket_id: TicketId, { phase_id, depth }: Lane, { now, actor }: Context): TicketRow {
  return {
    version: 1,
    ticket_id,
    title: "A full lane",
    priority: "MEDIUM",
    workflow: "software_development",
    labels: [],
    phase_id,
    visit: 1,
    phase_entered_at: now,
    status: "open",
    is_blocked: false,
    blocks: 0,
    task_count: depth,
    visit_tasks: depth,
    ahead: {},
    generated_visit: 1,
    evidence_version: depth,
    created_by: actor.id,
    created_at: now,
    updated_at: now,
  };
}

/** Agents that have started, their class, and that it can take the lane. */
function agentItems(
  { phase_id, agents }: Lane,
  { lane, shards }: { lane: string; shards: number },
  ctx: Context,
): Item[] {
  if (agents === undefined) return [];
  const class_id = classOf([phase_id], []);
  const agentClass = { version: 1, class_id, phase_ids: [phase_id], capabilities: [], touched_at: ctx.now };
  const rows = Array.from({ length: agents.count }, (_, n) => {
    const agent_id = newId("agent", ctx.random);
    const key = { key_id: `key ${n}`, public_x: "x".repeat(43) };
    const newcomer = { agent_id, agent_name: `worker-${n}`, class_id, ...key, steps: [], registered_by: "bench" };
    const wanted = { agent_type: "worker", phase_ids: [phase_id], capabilities: [], version: "1.0.0" } as const;
    const registration = { ...wanted, phase_ids: [phase_id], capabilities: [], capacity: agents.capacity };
    const { agent } = newAgent(newcomer, registration, { now: ctx.now, first_heartbeat_seconds: 60 });
    return itemOf("agent", { ...agent, version: 1, status: "IDLE", due_at: undefined }, ctx.now);
  });
  return [
    itemOf("agent_class", agentClass, ctx.now),
    itemOf("pair", { version: 1, class_id, lane, phase_id, shards }, ctx.now),
    ...rows,
  ];
}

/** What the figures would have counted. */
function hintItem({ phase_id, depth, shards = 1 }: Lane, now: number): Item {
  const lane = laneOf(phase_id, []);
  const counts = Array.from({ length: shards }, (_, shard) => [
    [`d${shard}`, Math.ceil(depth / shards)],
    [`f${shard}`, now - depth],
  ]).flat();
  return { pk: `hint#${lane}`, sk: "hint", lane, ...Object.fromEntries(counts) };
}
