import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import type { Store } from "../store.ts";
import { shelf, thinnedList } from "../thinned-list.ts";
import type { RemediationRow } from "./model.ts";
import { remediationView } from "./view.ts";

type Query = RouteInput<"listWatchdogActions">["query"];

const SHELVES = ["remediations#open", "remediations#ended"] as const;

/** Remediations as far as they are asked for: those under way, then those that ended, the newest first. */
export async function listed(store: Store, query: Query): Promise<RouteReply<"listWatchdogActions">> {
  const { status } = query;
  const wanted = (row: RemediationRow) => (passes(row, query) ? row : undefined);
  const shelves = SHELVES.filter((name) => status === undefined || name.endsWith(status));
  const { rows, cursor } = await thinnedList(
    shelves.map((name) => shelf(store, "remediation", name, wanted)),
    query,
    ({ remediation_id }) => remediation_id,
  );
  return { items: rows.map(remediationView), next_cursor: cursor ?? null };
}

function passes(row: RemediationRow, { policy, outcome, target_id }: Query): boolean {
  return (
    (policy === undefined || row.policy === policy) &&
    (outcome === undefined || row.outcome === outcome) &&
    (target_id === undefined || row.target.id === target_id)
  );
}
