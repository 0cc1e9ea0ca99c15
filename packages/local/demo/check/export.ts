import { isDeepStrictEqual } from "node:util";
import type { Evidence } from "../evidence.ts";

/** Where the evidence that the demo left in its file differs from what the plane holds. */
export function exportDifferences(held: Evidence, exported: Evidence): string[] {
  const refs = new Set([...held.tickets, ...exported.tickets].map(({ ref }) => ref));
  return [...refs].flatMap((ref) => {
    const ours = held.tickets.find((ticket) => ticket.ref === ref);
    const theirs = exported.tickets.find((ticket) => ticket.ref === ref);
    return isDeepStrictEqual(ours, theirs) ? [] : [`${ref}: evidence.json is not what the plane holds`];
  });
}
