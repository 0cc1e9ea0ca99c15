import type { InterventionState } from "@omoios/contracts/shapes/guardian";

export interface Difference {
  field: string;
  then: unknown;
  now: unknown;
}

/** What is not any more as it was, by the names of the fields: a store gives them back in an order of its own. */
export function differenceOf(then: InterventionState, now: InterventionState): Difference[] {
  return (
    Object.entries(then)
      .filter(([field, value]) => (now[field] ?? null) !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // biome-ignore lint/suspicious/noThenProperty: the name that the API gives; it holds a value, and nothing awaits it
      .map(([field, value]) => ({ field, then: value, now: now[field] ?? null }))
  );
}
