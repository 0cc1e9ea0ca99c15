import type { Labels } from "@omoios/contracts/shapes/alert";

/** The labels that a query names. */
export function given(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}
