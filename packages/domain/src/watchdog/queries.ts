import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { Problem } from "@omoios/kernel/problem";
import type { Store } from "../store.ts";
import type { RemediationRow } from "./model.ts";
import { remediationView } from "./view.ts";

type Query = RouteInput<"listWatchdogActions">["query"];

/** Rows that one call looks at for a page that a filter thins; the cursor goes on from there. */
const LOOKED_AT = 1_000;
const ENDED = "remediations#ended";
const SHELVES = ["remediations#open", ENDED] as const;

/** Remediations as far as they are asked for: those under way, then those that ended, the newest first. */
export async function listed(store: Store, query: Query): Promise<RouteReply<"listWatchdogActions">> {
  const { limit, status } = query;
  const shelves = SHELVES.filter((name) => status === undefined || name.endsWith(status));
  const found: RemediationRow[] = [];
  let [index, cursor] = readPosition(query.cursor);
  let looked = 0;
  for (let name = shelves[index]; name !== undefined; name = shelves[index]) {
    if (found.length >= limit || looked >= LOOKED_AT) break;
    const page = await store.list("remediation", name, { limit: limit - found.length, cursor, newest_first: true });
    // What ended between two pages stands in both lists for a moment, and is told of where it belongs.
    const its = page.rows.filter((row) => (row.status === "ended") === (name === ENDED));
    found.push(...its.filter((row) => passes(row, query)));
    looked += Math.max(1, page.rows.length);
    cursor = page.cursor;
    if (cursor === undefined) index++;
  }
  const next_cursor = index >= shelves.length ? null : `${index}.${cursor ?? ""}`;
  return { items: found.map(remediationView), next_cursor };
}

function passes(row: RemediationRow, { policy, outcome, target_id }: Query): boolean {
  return (
    (policy === undefined || row.policy === policy) &&
    (outcome === undefined || row.outcome === outcome) &&
    (target_id === undefined || row.target.id === target_id)
  );
}

/** A cursor says in which list it stands: `<list>.<cursor of that list>`. */
function readPosition(cursor: string | undefined): [number, string | undefined] {
  if (cursor === undefined) return [0, undefined];
  const [, index, rest] = /^([01])\.([\w-]*)$/.exec(cursor) ?? [];
  if (index === undefined) {
    const errors = [{ path: "cursor", message: "is not a cursor of this list" }];
    throw new Problem("request.cursor_invalid", { errors });
  }
  return [Number(index), rest === "" ? undefined : rest];
}
