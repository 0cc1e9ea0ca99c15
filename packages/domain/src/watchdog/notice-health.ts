import type { AgentProfileRow } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { isWell } from "./judge.ts";
import { look } from "./look.ts";
import type { WatchdogParts } from "./parts.ts";
import { wellAgain } from "./rest.ts";

/**
 * A target whose newest remediation did not help may have become well without it: by a person, by the guardian, or late. From then on its
 * health counts, as after one that helped.
 * @param came an agent that has just sent its first heartbeat, which lists may not show yet
 */
export function noticeHealth(
  parts: WatchdogParts,
  ctx: RequestContext,
  line: string,
  came?: AgentProfileRow,
): Promise<void> {
  return untilSettled(async () => {
    const before = await parts.store.get("remediation_line", { line });
    if (before?.toil === undefined || before.toil.well_at !== undefined || before.open !== undefined) return;
    const remediation_id = before.last?.remediation_id;
    const row = remediation_id && (await parts.store.get("remediation", { remediation_id }));
    if (row === undefined || isWell(row, await look(parts, row, came)) === undefined) return;
    const after = { ...before, toil: wellAgain(before.toil, ctx.now) };
    await parts.commit(ctx, [{ kind: "remediation_line", before, after }]);
  });
}
