import type { Instant } from "@omoios/kernel/clock";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
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
  const ttl = Math.ceil(now / 1000) + retention_days * 86_400;
  const due_at = Object.keys(after.slots).length > 0 ? now : undefined;
  return [
    { kind: "agent", before, after: { ...after, due_at, ttl }, events },
    { kind: "agent_profile", before: profile, after: { ...profile, updated_at: now, ttl } },
  ];
}

/** What follows from a failure: the tasks go back to their lanes, and nobody waits for a beat any more. May be repeated. */
export async function leaveFailed(parts: AgentParts, ctx: RequestContext, failed: AgentRow): Promise<void> {
  await parts.pulse.close(failed.agent_id);
  await parts.work.giveBack(ctx, Object.values(failed.slots), "Its agent fell silent");
  await untilSettled(async () => {
    const before = await parts.store.get("agent", { agent_id: failed.agent_id });
    if (before?.status !== "FAILED" || Object.keys(before.slots).length === 0) return;
    await parts.commit(ctx, [{ kind: "agent", before, after: { ...before, slots: {}, due_at: undefined } }]);
  });
}
