import type { TimerMessage } from "@omoios/contracts/jobs";
import { invariant } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import { failedAgent, leaveFailed } from "./failing.ts";
import { judgeMail } from "./judge-mail.ts";
import { climb } from "./ladder.ts";
import { judgeSilence, sayMassive, sayOver } from "./mass-silence.ts";
import { awaitedUntil, intervalOf, isWatched, sightedSince } from "./misses.ts";
import { type AgentRow, hasEnded, heldAs, type PulseRow, type Slot } from "./model.ts";
import type { AgentParts } from "./parts.ts";

const MINUTE_MS = 60_000;
/** A message about a judgement that should have been done so long ago is over: others have come since. */
const OVER_AFTER_MS = MINUTE_MS;

/** Each minute: judges the beats, and while an agent is watched has itself asked again until the next minute. Gives the pulses that it saw. */
export async function watchBeats(parts: AgentParts, ctx: RequestContext): Promise<PulseRow[]> {
  const beating = await judgeBeats(parts, ctx);
  if (beating.length === 0) return [];
  const every_ms = parts.limits.heartbeat_judged_every_seconds * 1000;
  const messages: TimerMessage[] = [];
  for (let wait = every_ms; wait < MINUTE_MS; wait += every_ms) {
    messages.push({ kind: "ladder", id: "ladder", due_at: ctx.now + wait });
  }
  await parts.timers.set(messages, ctx.now);
  return beating;
}

/** Between two minutes. */
export async function watchAgain(parts: AgentParts, ctx: RequestContext, due_at: number): Promise<void> {
  if (ctx.now - due_at < OVER_AFTER_MS) await judgeBeats(parts, ctx);
}

/** Looks at every pulse, and more closely at the agents whose beat is late. Gives those that beat or should. */
async function judgeBeats(parts: AgentParts, ctx: RequestContext): Promise<PulseRow[]> {
  const { limits, ladder } = parts;
  const [pulses, marks] = await Promise.all([parts.pulse.living(), ladder.load()]);
  // Without a beat past the first one's time, it has begun too: whoever took the beat died before it was kept.
  const begun_by = ctx.now - limits.first_heartbeat_seconds * 1000;
  const beating = pulses.filter(({ sequence, beat_at }) => sequence > 0 || beat_at < begun_by);
  const sighted_since = sightedSince(marks, ctx.now, limits);
  const { silent, late_since, active, leftovers } = await lateAgents(parts, ctx, beating);
  const heard_at = Math.max(0, ...beating.map(({ beat_at }) => beat_at));
  const guard = judgeSilence({ late_since, active, heard_at }, marks, ctx.now, limits);
  const massive = guard.massive_since !== undefined;
  const every_ms = beating.length > 0 ? limits.heartbeat_judged_every_seconds * 1000 : MINUTE_MS;
  const judged = { due_at: ctx.now + every_ms, sighted_since: massive ? ctx.now : sighted_since, ...guard };
  if (massive) {
    // Kept before it is said: who dies in between leaves an end that will be said.
    if (marks?.massive_since === undefined) await ladder.save(judged);
    await sayMassive(parts, ctx, { silent: silent.length, active });
  } else {
    if (marks?.massive_since !== undefined) await sayOver(parts, ctx);
    await inTurn(silent, (agent) => climbWhileMissed(parts, ctx, agent, sighted_since));
  }
  await inTurn(leftovers, (agent) => leaveFailed(parts, ctx, agent));
  await takeBackLeftOut(parts, ctx, beating);
  await judgeMail(parts, ctx, beating);
  await ladder.save(judged);
  return beating;
}

/** The watched agents whose beat is late, how many are active at all, and those that ended while a process died over it. */
async function lateAgents(parts: AgentParts, ctx: RequestContext, beating: readonly PulseRow[]) {
  const { limits } = parts;
  const lateSince = (pulse: PulseRow, holds: boolean) => awaitedUntil(pulse, intervalOf(pulse, holds, limits), limits);
  const isLate = (pulse: PulseRow, holds: boolean) => ctx.now > lateSince(pulse, holds);
  const late = new Map(beating.filter((pulse) => isLate(pulse, true)).map((pulse) => [pulse.agent_id, pulse]));
  const agents = await parts.store.getMany(
    "agent",
    [...late.keys()].map((agent_id) => ({ agent_id })),
  );
  const silent = agents.filter((agent) => {
    const pulse = late.get(agent.agent_id);
    return isWatched(agent) && pulse !== undefined && isLate(pulse, Object.keys(agent.slots).length > 0);
  });
  const watched = agents.filter(isWatched).length;
  const late_since = silent.flatMap(({ agent_id, slots }) => {
    const pulse = late.get(agent_id);
    return pulse === undefined ? [] : [lateSince(pulse, Object.keys(slots).length > 0)];
  });
  const active = beating.length - agents.length + watched;
  return { silent, late_since, active, leftovers: agents.filter(hasEnded) };
}

/** Takes one rung after another, each on what is there: a beat that comes meanwhile ends it, and what another judged is left to it. */
async function climbWhileMissed(
  parts: AgentParts,
  ctx: RequestContext,
  { agent_id }: AgentRow,
  sighted_since: number,
): Promise<void> {
  await unlessStale(async () => {
    for (;;) {
      const [agent, pulse] = await Promise.all([parts.store.get("agent", { agent_id }), parts.pulse.get(agent_id)]);
      const rung = agent && pulse && climb(agent, pulse, { now: ctx.now, sighted_since, limits: parts.limits });
      if (rung === undefined || agent === undefined) return;
      if (rung.after.status === "FAILED") return fail(parts, ctx, agent, rung);
      await parts.commit(ctx, [{ kind: "agent", before: agent, ...rung }]);
    }
  });
}

async function fail(
  parts: AgentParts,
  ctx: RequestContext,
  before: AgentRow,
  rung: NonNullable<ReturnType<typeof climb>>,
) {
  const profile = await parts.store.get("agent_profile", { agent_id: before.agent_id });
  invariant(profile !== undefined, `agent ${before.agent_id} has a profile`);
  const changes = failedAgent({ before, ...rung }, profile, ctx.now, parts.limits.retention_days.tasks);
  const [row] = await parts.commit(ctx, changes);
  await leaveFailed(parts, ctx, row as AgentRow);
}

/** A task that its holder has left out of so many beats in a row goes back to its lane. */
async function takeBackLeftOut(parts: AgentParts, ctx: RequestContext, beating: readonly PulseRow[]): Promise<void> {
  const forgotten = ({ left_out }: PulseRow, held: string) => (left_out[held] ?? 0) >= parts.limits.beats_without_task;
  const pulses = beating.filter((pulse) => Object.keys(pulse.left_out).some((held) => forgotten(pulse, held)));
  await inTurn(pulses, async (pulse) => {
    const agent = await parts.store.get("agent", { agent_id: pulse.agent_id });
    // What was just pushed to the agent it cannot name before it has accepted.
    const known = ({ pushed, at }: Slot) => !pushed || at < ctx.now - parts.limits.assignment_seconds * 1000;
    const slots = Object.values(agent?.slots ?? {}).filter((slot) => known(slot) && forgotten(pulse, heldAs(slot)));
    await parts.work.takeBack(ctx, pulse.agent_id, slots, "its agent no longer names it");
  });
}
