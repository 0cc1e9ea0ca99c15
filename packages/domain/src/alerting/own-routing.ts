import { issuesOf } from "../config/issues.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { checkRouting } from "./routing-checks.ts";
import { type RoutingConfig, routingConfig } from "./routing-config.ts";

/** The faults, with where the value stands that they are of. */
export const below = (path: ConfigPath, issues: readonly ConfigIssue[]): ConfigIssue[] =>
  issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));

/**
 * The routing that a file brings under `routing`, or the one that stands in for it, and what is wrong with it.
 * @param shipped the routing where the file has none
 */
export function ownRouting(
  routing: unknown,
  shipped: RoutingConfig | undefined,
): { config: RoutingConfig | undefined; issues: ConfigIssue[] } {
  const path = ["routing"];
  if (routing === undefined) {
    const missing = { path, message: "is missing, and there is no file that stands in for it" };
    return { config: shipped, issues: shipped === undefined ? [missing] : [] };
  }
  const read = issuesOf(routingConfig, routing);
  if (!read.ok) return { config: undefined, issues: below(path, read.issues) };
  return { config: read.value, issues: below(path, checkRouting(read.value)) };
}
