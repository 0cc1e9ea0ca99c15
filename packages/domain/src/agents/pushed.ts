import type { Store } from "../store.ts";
import type { DeliveryRow } from "./model.ts";

/** Every agent that tasks are pushed to, among them such as have ended since the last sweep; a moment old. */
export async function pushedTo({ store }: { store: Store }): Promise<DeliveryRow[]> {
  const rows: DeliveryRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list("agent_delivery", "push", { cursor });
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}
