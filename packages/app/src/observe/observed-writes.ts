import type { Commit } from "@omoios/domain/commit";
import type { ReadyLanes } from "@omoios/domain/store";
import { concern, currentScope } from "./scope.ts";

/** The door for change, telling the log what goes through it. */
export function observedCommit(commit: Commit): Commit {
  return async (ctx, changes, options) => {
    const rows = await commit(ctx, changes, options);
    tell(rows);
    return rows;
  };
}

/** The other door: a task is taken out of its lane by a write of its own. */
export function observedLanes(lanes: ReadyLanes): ReadyLanes {
  return {
    ...lanes,
    async take(ctx, entry, take) {
      const task = await lanes.take(ctx, entry, take);
      if (task !== undefined) tell([task]);
      return task;
    },
  };
}

function tell(rows: readonly object[]): void {
  const scope = currentScope();
  if (scope === undefined) return;
  scope.changed = true;
  for (const row of rows) concern(row);
}
