import type { InterventionState } from "@omoios/contracts/shapes/guardian";
import { expectAccepted } from "@omoios/kernel/outcome";
import { Problem } from "@omoios/kernel/problem";
import type { Change, EventDraft, RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { expiryAt, expiryInDays } from "../expiry.ts";
import { differenceOf } from "./difference.ts";
import { kinds } from "./kinds/all.ts";
import type { InterventionRow, MarkRow, Order } from "./model.ts";
import type { GuardianParts } from "./parts.ts";
import { takeSlot } from "./slots.ts";

/** A policy has done so before. */
export class DoneBefore extends Error {
  override readonly name = "DoneBefore";
}

/**
 * Does it. The thing's change, the row that tells of it, and one of the minute's slots are one transaction, so that none is there
 * without the others. Throws `guardian.action_limit`, `guardian.nothing_to_change`, what the thing's room refuses, or `DoneBefore`.
 */
export async function intervene(parts: GuardianParts, ctx: RequestContext, order: Order): Promise<InterventionRow> {
  let made: InterventionRow | undefined;
  await expectNew(parts, order);
  await kinds[order.action].act(parts, ctx, order, async (before, after) => {
    // At each try: who heard the same beside this one may have been faster.
    await expectNew(parts, order);
    if (differenceOf(after, before).length === 0) throw new Problem("guardian.nothing_to_change");
    const slots = await parts.store.all("intervention_slot", {});
    const slot = expectAccepted(takeSlot(slots, parts.limits.guardian_actions_per_minute, ctx));
    made = rowOf(parts, ctx, order, before, after);
    const told: Change = {
      kind: "intervention",
      after: made,
      events: [
        { type: "guardian.intervention.started" },
        { type: "guardian.intervention.completed", data: { outcome: "applied" } },
      ],
    };
    return { changes: [slot, ...markOf(ctx, order), told], made: order.action_id };
  });
  if (made === undefined) throw new Error(`${order.action} wrote nothing beside its change`);
  return made;
}

/** Throws `DoneBefore` where the policy has acted on the cause, or on the target not long ago. */
async function expectNew({ store }: GuardianParts, { action_id, policy }: Order): Promise<void> {
  if (policy === undefined) return;
  const [done, mark] = await Promise.all([
    store.get("intervention", { action_id }),
    store.get("intervention_mark", { mark_id: policy.mark_id }),
  ]);
  if (done !== undefined || mark !== undefined) throw new DoneBefore(`${policy.name} has acted on ${policy.cause}`);
}

function rowOf(
  { limits }: GuardianParts,
  ctx: RequestContext,
  { policy, ...order }: Order,
  before: InterventionState,
  after: InterventionState,
): InterventionRow {
  const { rollback_after_ms, name, cause } = policy ?? {};
  return {
    ...{ ...order, before, after, policy: name, cause },
    version: 0,
    status: "applied",
    by: ctx.actor,
    at: ctx.now,
    due_at: rollback_after_ms === undefined ? undefined : ctx.now + rollback_after_ms,
    ttl: expiryInDays(ctx.now, limits.retention_days.events),
  };
}

/** That nobody has capacity to spare is no fault, nor that somebody switched the policy off, and nobody is called for it. */
const USUAL = new Set(["agent.capacity_refused", "policy.switched_off"]);

/** Keeps what a policy wanted to do and could not, once, and has it told. It takes none of the minute's slots. */
export async function noteRefused(
  parts: GuardianParts,
  ctx: RequestContext,
  order: Order,
  problem: Problem,
): Promise<void> {
  const { code, detail: why = problem.message } = problem;
  const row = rowOf(parts, ctx, order, {}, {});
  const after: InterventionRow = { ...row, status: "refused", refused: { code, why }, due_at: undefined };
  const event: EventDraft = USUAL.has(code)
    ? { type: "guardian.intervention.completed", data: { outcome: "refused" } }
    : { type: "guardian.intervention.refused" };
  await unlessStale(() => parts.commit(ctx, [{ kind: "intervention", after, events: [event] }]));
}

function markOf({ now }: RequestContext, { policy }: Order): Change[] {
  if (policy === undefined || policy.cooldown_ms === 0) return [];
  const after: MarkRow = { version: 0, mark_id: policy.mark_id, ttl: expiryAt(now + policy.cooldown_ms) };
  return [{ kind: "intervention_mark", after, renews: true }];
}
