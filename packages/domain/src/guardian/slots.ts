import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import type { ChangeOf, RequestContext } from "../commit.ts";
import type { SlotRow } from "./model.ts";

const MINUTE_MS = 60_000;

/**
 * Takes one of the slots that a minute has, at random: whoever runs for the same one loses by its version and looks again, and no slot
 * is taken twice within a minute.
 */
export function takeSlot(
  known: readonly SlotRow[],
  most: number,
  { now, random }: Pick<RequestContext, "now" | "random">,
): Outcome<ChangeOf<"intervention_slot">> {
  const rows = new Map(known.map((row) => [row.n, row]));
  const all = Array.from({ length: most }, (_, n) => rows.get(n) ?? { version: 0, n, free_at: 0 });
  const free = all.filter(({ free_at }) => free_at <= now);
  const slot = free[Math.floor(random() * free.length)];
  if (slot === undefined) {
    const retry_after_ms = Math.min(...all.map(({ free_at }) => free_at)) - now;
    const detail = `The guardian may act ${most} times within a minute.`;
    return refused("guardian.action_limit", { detail, extra: { retry_after_ms } });
  }
  const after: SlotRow = { ...slot, free_at: now + MINUTE_MS };
  return accepted({ kind: "intervention_slot", ...(rows.has(slot.n) ? { before: slot } : {}), after });
}
