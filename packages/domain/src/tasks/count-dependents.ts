import type { TaskId } from "@omoios/kernel/ids";
import { inTurn } from "../in-turn.ts";
import type { Store } from "../store.ts";

/** How many tasks wait for these, of each a hundred at most. A request for each. */
export async function countDependents(store: Store, task_ids: readonly TaskId[]): Promise<number> {
  let waiting = 0;
  await inTurn(task_ids, async (dependency_id) => {
    waiting += (await store.page("edge", { dependency_id }, { limit: 100 })).rows.length;
  });
  return waiting;
}
