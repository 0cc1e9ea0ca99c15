import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { AgentParts } from "./parts.ts";

type FleetParts = Pick<AgentParts, "store" | "commit">;

/** Says once that so many are silent together that none is held to it. */
export function sayMassive(
  { store, commit }: FleetParts,
  ctx: RequestContext,
  counted: { silent: number; active: number },
): Promise<void> {
  return untilSettled(async () => {
    const before = await store.get("fleet", {});
    if (before?.silent_since !== undefined) return;
    const after = { version: before?.version ?? 0, silent_since: ctx.now };
    const events = [{ type: "monitor.mass_silence" as const, data: counted }];
    await commit(ctx, [{ kind: "fleet", ...(before === undefined ? {} : { before }), after, events }]);
  });
}

/** The silence is over, and the next one will be said again. */
export function sayOver({ store, commit }: FleetParts, ctx: RequestContext): Promise<void> {
  return untilSettled(async () => {
    const before = await store.get("fleet", {});
    if (before?.silent_since === undefined) return;
    await commit(ctx, [{ kind: "fleet", before, after: { ...before, silent_since: undefined } }]);
  });
}
