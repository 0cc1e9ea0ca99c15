import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { kinds } from "./kinds/all.ts";
import type { InterventionRow } from "./model.ts";
import type { GuardianParts } from "./parts.ts";

/** Throws `guardian.action_not_found`. */
export async function expectIntervention({ store }: GuardianParts, action_id: string): Promise<InterventionRow> {
  const row = isId("intervention", action_id) ? await store.get("intervention", { action_id }) : undefined;
  if (row === undefined) throw new Problem("guardian.action_not_found", { detail: `There is no action ${action_id}.` });
  return row;
}

/**
 * Makes the thing again what it was before, and says so in the action's row, in one transaction. Throws `guardian.already_reverted`,
 * `guardian.nothing_to_change` for what was refused, `guardian.changed_since` with the difference, or what the thing's room refuses.
 */
export async function revert(
  parts: GuardianParts,
  ctx: RequestContext,
  action_id: string,
  { reason, by_time = false }: { reason: string; by_time?: boolean },
): Promise<InterventionRow> {
  const seen = await expectRevertible(parts, action_id);
  let after: InterventionRow | undefined;
  try {
    await kinds[seen.action].undo(parts, ctx, seen, by_time, async (now) => {
      const before = await expectApplied(parts, action_id);
      expectSame(differenceOf(before.after, now));
      after = {
        ...before,
        status: "reverted",
        due_at: undefined,
        reverted_at: ctx.now,
        reverted_by: ctx.actor,
        revert_reason: reason,
      };
      const events = [{ type: "guardian.intervention.reverted" as const }];
      return { changes: [{ kind: "intervention", before, after, events }], made: action_id };
    });
  } catch (error) {
    // What was changed under our hands is refused for that, and not in the words of its room.
    if (error instanceof Problem) await expectRevertible(parts, action_id);
    throw error;
  }
  if (after === undefined) throw new Error(`${seen.action} was undone without a word beside it`);
  return after;
}

async function expectApplied(parts: GuardianParts, action_id: string): Promise<InterventionRow> {
  const row = await expectIntervention(parts, action_id);
  if (row.status === "reverted") throw new Problem("guardian.already_reverted");
  if (row.status === "refused")
    throw new Problem("guardian.nothing_to_change", {
      detail: "The action was refused: there is nothing to take back.",
    });
  return row;
}

/** The action, if it stands and its thing is as it left it. Of a thing that is gone its room will tell. */
async function expectRevertible(parts: GuardianParts, action_id: string): Promise<InterventionRow> {
  const row = await expectApplied(parts, action_id);
  const now = await kinds[row.action].look(parts, row);
  const difference = now === undefined ? [] : differenceOf(row.after, now);
  // Another revert may have come between the two reads.
  if (difference.length > 0) await expectApplied(parts, action_id);
  expectSame(difference);
  return row;
}

function expectSame(difference: readonly Difference[]): void {
  if (difference.length === 0) return;
  const detail = difference.map(({ field, then, now }) => `${field} was ${then} and is ${now}`).join(", ");
  throw new Problem("guardian.changed_since", { detail: `Since the action ${detail}.`, extra: { difference } });
}

/** Notes that an action whose time is over could not be taken back. It stays as it is, and is due no more. */
export async function noteRefusal(
  parts: GuardianParts,
  ctx: RequestContext,
  action_id: string,
  problem: Problem,
): Promise<void> {
  const difference = (problem.extra.difference ?? []) as Difference[];
  await untilSettled(async () => {
    const before = await expectIntervention(parts, action_id);
    if (before.status !== "applied" || before.due_at === undefined) return;
    const rollback_refused = { at: ctx.now, why: problem.detail ?? problem.message, difference };
    const data = { outcome: "rollback_refused" };
    await parts.commit(ctx, [
      {
        kind: "intervention",
        before,
        after: { ...before, due_at: undefined, rollback_refused },
        events: [{ type: "guardian.intervention.completed", data }],
      },
    ]);
  });
}
