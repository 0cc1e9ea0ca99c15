import type { RouteReply } from "@omoios/contracts/routes";
import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import { advance, momentOf } from "./advance.ts";
import type { RemediationRow } from "./model.ts";
import type { WatchdogParts } from "./parts.ts";
import { changesOf } from "./transitions.ts";
import { stopped } from "./turns.ts";
import { remediationView } from "./view.ts";

/** Open remediations that are looked at when a policy is switched off; those behind them stop at their own next look. */
const STOPPED_AT_ONCE = 100;

/** Throws `remediation.not_found`. */
export async function expectRemediation(
  { store }: Pick<WatchdogParts, "store">,
  remediation_id: string,
): Promise<RemediationRow> {
  const row = isId("remediation", remediation_id) ? await store.get("remediation", { remediation_id }) : undefined;
  if (row === undefined) throw new Problem("remediation.not_found");
  return row;
}

/**
 * Ends a remediation where it is, because a person says so: the write decides, and whoever is at work on a step finds it when he would
 * say what came of it. Throws `remediation.not_found` or `remediation.ended`.
 */
export function stop(
  parts: WatchdogParts,
  ctx: RequestContext,
  remediation_id: string,
  reason: string,
): Promise<RouteReply<"stopWatchdogAction">> {
  return untilSettled(async () => {
    const before = await expectRemediation(parts, remediation_id);
    if (before.status === "ended") throw new Problem("remediation.ended", { detail: `It ended as ${before.outcome}.` });
    const line = await parts.store.get("remediation_line", { line: before.line });
    const how = { outcome: "stopped", why: `${ctx.actor.id} stopped it: ${reason}` } as const;
    const turn = stopped({ ...before, reason }, { line }, how, momentOf(parts, ctx));
    // Within the story of what it was begun for.
    const { correlation_id, traceparent = ctx.traceparent } = before.cause;
    const [row] = await parts.commit(
      { ...ctx, correlation_id, ...(traceparent === undefined ? {} : { traceparent }) },
      changesOf(before, { line }, turn),
      { made: remediation_id },
    );
    return remediationView(row as RemediationRow);
  });
}

/** Has those that are open look at once whether their policy is still in force. */
export async function stopSwitchedOff(
  parts: WatchdogParts,
  ctx: RequestContext,
  policy: string | undefined,
): Promise<void> {
  const { rows } = await parts.store.list("remediation", "remediations#open", { limit: STOPPED_AT_ONCE });
  await inTurn(
    rows.filter((row) => policy === undefined || row.policy === policy),
    ({ remediation_id }) => advance(parts, ctx, remediation_id),
  );
}
