import type { Commit, RequestContext } from "../../commit.ts";
import { unlessStale } from "../../decide.ts";
import type { Store } from "../../store.ts";
import type { Drawer } from "./bank.ts";

/** What stands open in a drawer of series that exist no more: no usual point will end it. */
export const openOfGone = (drawer: Drawer | undefined, seen: ReadonlySet<string>): string[] =>
  [...(drawer?.watched ?? [])].flatMap(([id, { open }]) => (seen.has(id) ? [] : open));

/** Ends anomalies of series that are gone, each once. */
export async function clearGone(
  { state, commit }: { state: Store; commit: Commit },
  ctx: RequestContext,
  anomaly_ids: readonly string[],
): Promise<void> {
  const rows = await state.getMany(
    "anomaly",
    anomaly_ids.map((anomaly_id) => ({ anomaly_id })),
  );
  for (const before of rows.filter(({ cleared_at }) => cleared_at === undefined)) {
    const after = { ...before, cleared_at: ctx.now };
    await unlessStale(() =>
      commit(ctx, [{ kind: "anomaly", before, after, events: [{ type: "monitor.anomaly.cleared" }] }]),
    );
  }
}
