import type { Span } from "@omoios/adapters/telemetry/tracing";
import type { Commit, RequestContext } from "@omoios/domain/commit";
import type { ReadyLanes } from "@omoios/domain/store";
import { concern, currentScope, type Scope } from "./scope.ts";

/** The door for change, telling log and trace what goes through it. */
export const observedCommit =
  (commit: Commit): Commit =>
  (ctx, changes, options) =>
    told(
      ctx,
      () => changes.map(({ kind }) => kind),
      (under) => commit(under, changes, options),
      (rows) => rows,
    );

/** The other door: a task is taken out of its lane by a write of its own. */
export const observedLanes = (lanes: ReadyLanes): ReadyLanes => ({
  ...lanes,
  take: (ctx, entry, take) =>
    told(
      ctx,
      () => ["task"],
      (under) => lanes.take(under, entry, take),
      (task) => (task === undefined ? [] : [task]),
    ),
});

/** Does a write, where spans are recorded under one of its own: what its events lead to then belongs under the write. */
async function told<T>(
  ctx: RequestContext,
  kinds: () => readonly string[],
  write: (ctx: RequestContext) => Promise<T>,
  rowsOf: (written: T) => readonly object[],
): Promise<T> {
  const scope = currentScope();
  if (scope === undefined) return write(ctx);
  const span = spanOf(scope, ctx, kinds);
  try {
    const written = await write(span === undefined ? ctx : { ...ctx, traceparent: span.traceparent });
    const rows = rowsOf(written);
    if (rows.length > 0) scope.changed = true;
    for (const row of rows) concern(row);
    span?.end();
    return written;
  } catch (error) {
    span?.end({ error });
    throw error;
  }
}

function spanOf({ tracing }: Scope, { traceparent }: RequestContext, kinds: () => readonly string[]): Span | undefined {
  if (!tracing.recording) return undefined;
  const attributes = { "omoi.rows": [...new Set(kinds())].join(",") };
  return tracing.start("commit", { kind: "internal", parent: traceparent, attributes });
}
