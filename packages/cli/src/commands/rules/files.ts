import { existsSync } from "node:fs";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import type { Command } from "commander";
import { textOf } from "../../text-of.ts";

const ROUTING = "config/alert_routing.yaml";

export const routingOption = (made: Command): Command =>
  made.option("--routing <file>", `the routing that stands behind the rules; ${ROUTING} where there is one`);

/** The routing that is named, or the one of this folder. Without either there is none, and no fault. */
export async function routingIn(
  file: string | undefined = existsSync(ROUTING) ? ROUTING : undefined,
): Promise<{ routing: RoutingConfig | undefined; faults: string[] }> {
  if (file === undefined) return { routing: undefined, faults: [] };
  const { readRouting } = await import("@omoios/domain/alerting/routing-file");
  const read = readRouting(textOf(file), file);
  return read.ok ? { routing: read.value, faults: [] } : { routing: undefined, faults: read.faults };
}
