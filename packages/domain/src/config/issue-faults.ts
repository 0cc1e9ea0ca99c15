import { pointerTo } from "@omoios/kernel/json-pointer";
import type { Fault } from "@omoios/kernel/problem";
import type { ConfigIssue } from "./positions.ts";

/**
 * What is wrong with a value that came as JSON: the place as a JSON Pointer, and inside a text its column.
 * @param base the pointer to the value
 */
export function issueFaults(issues: readonly ConfigIssue[], base = ""): Fault[] {
  return issues.map(({ path, message, offset }) => ({
    path: base + pointerTo(path),
    message: offset === undefined ? message : `column ${offset + 1}: ${message}`,
  }));
}
