import type { Labels } from "@omoios/contracts/shapes/alert";
import { jsonBytes } from "@omoios/contracts/shapes/size";
import { cutToBytes } from "@omoios/kernel/cut-text";

/** Bytes of an alert's annotations as JSON. They stand in the alert, in each of its groups and in what waits for their receivers. */
const MOST_BYTES = 10_000;
const MARK = "…";
const MARK_BYTES = jsonBytes(MARK) - 2;

/**
 * Annotations that a row can hold: where they are too long together, the longest are cut and marked with `…`, the short ones stay whole.
 * One whose name alone takes more than its share is left out.
 */
export function fittingAnnotations(annotations: Labels): Labels {
  if (jsonBytes(annotations) <= MOST_BYTES) return annotations;
  const shortest_first = Object.entries(annotations)
    .map(([name, value]) => ({ name, value, name_bytes: jsonBytes(name) + ":,".length, bytes: jsonBytes(value) }))
    .sort((a, b) => a.name_bytes + a.bytes - (b.name_bytes + b.bytes));
  let left = MOST_BYTES - "{}".length;
  const kept = shortest_first.flatMap(({ name, value, name_bytes, bytes }, n): [string, string][] => {
    const share = Math.floor(left / (shortest_first.length - n)) - name_bytes;
    const most = share - '""'.length - MARK_BYTES;
    if (bytes > share && most <= 0) return [];
    const fitting = bytes <= share ? value : cutToBytes(value, most) + MARK;
    left -= name_bytes + jsonBytes(fitting);
    return [[name, fitting]];
  });
  return Object.fromEntries(kept);
}
