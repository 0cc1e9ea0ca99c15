import type { RouteReply } from "@omoios/contracts/routes";
import { toRfc3339 } from "@omoios/kernel/clock";
import { expectAccepted } from "@omoios/kernel/outcome";
import { invariant } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { gapsBetween, type Heartbeat, readBeat } from "./heartbeat.ts";
import { recover } from "./ladder.ts";
import { type OpenLetter, openLetters } from "./mail.ts";
import { type AgentRow, agentEnded, hasEnded } from "./model.ts";
import { orderFor } from "./orders.ts";
import type { AgentParts } from "./parts.ts";
import type { ReadLetters } from "./read-mail.ts";
import { start } from "./registration.ts";

/**
 * Takes a beat of an agent whose row was read when it was authenticated; the first one completes its registration. Throws
 * `agent.checksum_mismatch`, `request.invalid` or `agent.ended`; none of them uses up the beat's number.
 */
export async function heartbeat(
  parts: AgentParts,
  read: ReadLetters,
  ctx: RequestContext,
  agent: AgentRow,
  body: Heartbeat,
): Promise<RouteReply<"heartbeat">> {
  const { beat, stop_tasks } = expectAccepted(readBeat(body, agent, ctx.now));
  if (agent.status === "SPAWNING") await complete(parts, ctx, agent);
  const { written, before } = await parts.pulse.beat(beat);
  // Without its row, or under another epoch, the agent has ended since its row was read.
  if (before === undefined || before.epoch !== beat.epoch) throw agentEnded({ status: "TERMINATED" });
  if (!written) await parts.pulse.replayed(agent.agent_id);
  const open = openLetters(before, ctx.now, parts.limits, beat.acked);
  if (written && agent.status === "DEGRADED") await comeBack(parts, ctx, agent, open);
  return {
    received: written,
    ...(written ? {} : { replay: true }),
    sequence_number: beat.sequence,
    expected_next: Math.max(beat.sequence, before.sequence) + 1,
    gaps: written ? gapsBetween(before.sequence, beat.sequence) : [],
    time: toRfc3339(ctx.now),
    action: orderFor(agent, stop_tasks, ctx.now, parts.limits),
    stop_tasks,
    messages: await read(open),
  };
}

/** Completes the registration. A first beat that comes twice at the same time completes it once. */
function complete(parts: AgentParts, ctx: RequestContext, known: AgentRow): Promise<void> {
  let read: AgentRow | undefined = known;
  return untilSettled(async () => {
    const agent = read ?? (await parts.store.get("agent", { agent_id: known.agent_id }));
    read = undefined;
    if (agent === undefined || hasEnded(agent)) throw agentEnded({ status: "TERMINATED" });
    if (agent.status !== "SPAWNING") return;
    const profile = await parts.store.get("agent_profile", { agent_id: agent.agent_id });
    invariant(profile !== undefined, `agent ${agent.agent_id} has a profile`);
    await parts.commit(ctx, expectAccepted(start(agent, profile, ctx.now)));
  });
}

/** A good beat brings back an agent that its silence had degraded, or its messages. This is the one beat that costs a second write. */
function comeBack(parts: AgentParts, ctx: RequestContext, known: AgentRow, open: readonly OpenLetter[]): Promise<void> {
  const numbers = open.map(({ number }) => number);
  let read: AgentRow | undefined = known;
  return untilSettled(async () => {
    const before = read ?? (await parts.store.get("agent", { agent_id: known.agent_id }));
    read = undefined;
    if (before === undefined || hasEnded(before)) throw agentEnded({ status: before?.status ?? "TERMINATED" });
    const rung = recover(before, ctx.now, numbers);
    if (rung !== undefined) await parts.commit(ctx, [{ kind: "agent", before, ...rung }]);
  });
}
