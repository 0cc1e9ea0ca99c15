import type { Tables } from "@omoios/adapters/dynamodb/client";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { type Item, itemOf } from "@omoios/adapters/dynamodb/rows";
import { itemOf as seriesItem } from "@omoios/adapters/dynamodb/series-items";
import { talliesOn } from "@omoios/adapters/dynamodb/tallies";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { AgentRow } from "@omoios/domain/agents/model";
import { inTurn } from "@omoios/domain/in-turn";
import { movesOf } from "@omoios/domain/monitor/figures/counted";
import { newSeries, type Point, seriesId } from "@omoios/domain/monitor/series/model";
import { makeTask } from "@omoios/domain/tasks/create";
import { moved } from "@omoios/domain/tasks/ended";
import { laneOf } from "@omoios/domain/tasks/lane";
import { complete, withDue } from "@omoios/domain/tasks/lifecycle";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { type Context, systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";

const MINUTE_MS = 60_000;
const PHASE = "PHASE_TESTING";

/** Agents that have started and beat. */
export function* fleetRows(count: number): Generator<AgentRow> {
  const random = seededRandom(1);
  for (let n = 0; n < count; n++)
    yield {
      version: 1,
      agent_id: newId("agent", random),
      agent_name: `worker-${n}`,
      agent_type: "worker",
      status: "IDLE",
      class_id: "bench",
      key_id: `key ${n}`,
      public_x: "x".repeat(43),
      epoch: 1,
      capacity: 1,
      slots: {},
      failed: {},
    };
}

/** Opens the agents' pulses. Their last beat is not old by any sweep: none is late, and none has an age to be sampled. */
export async function startBeats(tables: Tables, agents: readonly AgentRow[]): Promise<void> {
  const pulse = pulseOn(tables);
  const beaten = { epoch: 1, sequence: 1, status: "IDLE", task_ids: [], left_out: {}, health: {}, replays: 0 };
  const beat_at = Date.now() + 3_600_000;
  await inTurn(agents, ({ agent_id }) => pulse.open({ ...beaten, agent_id, beat_at }));
}

/** Series as those who send their samples have left them at a minute. */
export function seriesAt(minute: number, count: number): Item[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, n) => {
    const metric = "agent.progress_age_seconds";
    const labels = { agent_id: `bench-${n}` };
    const points = Array.from(
      { length: 10 + minute },
      (_, at): Point => [now - (10 + minute - at) * MINUTE_MS, 50 + ((n * 31 + at * 7_919) % 17)],
    );
    const series = { ...newSeries({ id: seriesId(metric, labels), metric, labels }), recent: points };
    return { ...seriesItem(series), version: minute + 1, ttl: Math.ceil(now / 1000) + 86_400 };
  });
}

/** What is left of tasks that were made, taken and completed an hour ago, by the domain's own decisions: row, body and attempt of each. */
export function* finishedTasks(count: number): Generator<Item> {
  const ctx = systemContext("bench", Date.now() - 60 * MINUTE_MS, seededRandom(2));
  for (let n = 0; n < count; n++) {
    const { body, running, attempt, settled } = lifeOf(n, ctx);
    const row = { ...settled, version: running.version + 2 };
    yield itemOf("task", row, ctx.now);
    yield itemOf("task_body", { ...body, version: 1 }, ctx.now);
    if (attempt !== undefined) yield itemOf("attempt", { ...attempt, version: 1 }, ctx.now);
  }
}

function lifeOf(n: number, ctx: Context) {
  const ids = { task_id: newId("task", ctx.random), ticket_id: newId("ticket", ctx.random) };
  const draft = { title: `Task ${n}`, description: "x".repeat(580), task_type: "implement", phase_id: PHASE };
  const { task, body } = makeTask(
    { ...draft, task_id: ids.task_id, priority: "MEDIUM", required_capabilities: [], depends_on: [] },
    {
      ticket_id: ids.ticket_id,
      n,
      visit: 1,
      lane: laneOf(PHASE, []),
      shards: 1,
      dependents: 0,
      waits_for: [],
      looks_again: false,
    },
    ctx,
    defaultLimits,
  );
  const started_at = ctx.now + MINUTE_MS;
  const taken = { agent_id: newId("agent", ctx.random), fence: 1, attempt: 1, started_at, progressed_at: started_at };
  const running: TaskRow = { ...moved(task, { status: "running", ...taken }), version: 2 };
  const end = { ...ctx, now: started_at + MINUTE_MS };
  const { next, attempt } = complete(running, { result: { success: true, output: "done" } }, end, defaultLimits);
  return { task, body, running, attempt, next, settled: withDue({ ...next, settling: undefined }, defaultLimits) };
}

/** The sums of tasks that finished, as the stream's second reader would have added them. */
export async function addFinished(tables: Tables, count: number): Promise<void> {
  const { task, running, next } = lifeOf(0, systemContext("bench", Date.now() - 60 * MINUTE_MS, seededRandom(2)));
  const images = [{}, task, running, next].map((row): Record<string, unknown> => ({ ...row }));
  const moves = images.slice(1).flatMap((is, at) => movesOf("task", images[at] ?? {}, is));
  const batch = { first: "first", last: "last", records: 1 };
  await talliesOn(tables).add({ ...batch, moves: moves.map((move) => ({ ...move, by: move.by * count, at: 0 })) });
}
