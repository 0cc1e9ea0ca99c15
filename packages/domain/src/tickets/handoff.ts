import { jsonBytes } from "@omoios/contracts/shapes/size";
import type { Handoff } from "@omoios/contracts/shapes/task";

/** What whoever goes on needs first. */
const BY_WEIGHT = [
  "remaining",
  "open_questions",
  "failed_approaches",
  "decisions",
  "done",
  "files",
  "commands",
] as const satisfies readonly (keyof Handoff)[];

/** As much of a handoff as takes at most so many bytes as JSON, what weighs most first; `undefined` where nothing fits. */
export function cutHandoff(handoff: Handoff, most: number): Handoff | undefined {
  let kept: Handoff = {};
  for (const part of BY_WEIGHT) {
    for (const entry of handoff[part] ?? []) {
      const longer = { ...kept, [part]: [...(kept[part] ?? []), entry] };
      if (jsonBytes(longer) > most) break;
      kept = longer;
    }
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}
