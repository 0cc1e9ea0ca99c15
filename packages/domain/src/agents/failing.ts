import type { Instant } from "@omoios/kernel/clock";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { tasksOff } from "./acting.ts";
import type { Rung } from "./ladder.ts";
import type { AgentProfileRow, AgentRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

/** An agent that has failed: it is shown for so many days. While it has slots it is due at once, until its tasks are in their lanes. */
export function failedAgent(
  { before, after, events }: Rung & { before: AgentRow },
  profile: AgentProfileRow,
  now: Instant,
  retention_days: number,
): Change[] {
  const ttl = expiryInDays(now, retention_days);
  return [
    {
      kind: "agent",
      before,
      after: { ...after, due_at: dueWithSlots(after, now) ?? after.leaving?.until, ttl },
      events,
    },
    { kind: "agent_profile", before: profile, after: { ...profile, updated_at: now, ttl } },
  ];
}

/** When an agent is due whose tasks are to be taken from it: at once, where it has any. */
export function dueWithSlots({ slots }: Pick<AgentRow, "slots">, now: Instant): Instant | undefined {
  return Object.keys(slots).length > 0 ? now : undefined;
}

/** What follows from a failure: the tasks go back to their lanes, and nobody waits for a beat any more. May be repeated. */
export async function leaveFailed(parts: AgentParts, ctx: RequestContext, failed: AgentRow): Promise<void> {
  await parts.pulse.close(failed.agent_id);
  await emptySlots(parts, ctx, failed, "Its agent fell silent");
}

/** Puts the tasks of an agent that may not work any more back into their lanes; it is due no more for them. May be repeated. */
export async function emptySlots(parts: AgentParts, ctx: RequestContext, agent: AgentRow, why: string): Promise<void> {
  await parts.work.giveBack(ctx, Object.values(agent.slots), why);
  await untilSettled(async () => {
    const before = await parts.store.get("agent", { agent_id: agent.agent_id });
    const due_at = before?.leaving?.until;
    if (before?.status !== agent.status) return;
    if (Object.keys(before.slots).length === 0 && before.due_at === due_at) return;
    const after = { ...tasksOff(before, ctx.now, parts.limits), due_at };
    await parts.commit(ctx, [{ kind: "agent", before, after }]);
  });
}
