import { existsSync } from "node:fs";
import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { textOf } from "../../text-of.ts";
import { WrongUse } from "../../wrong-use.ts";

const ROUTING = "config/alert_routing.yaml";

export const routingOption = (made: Command): Command =>
  made.option("--routing <file>", `the routing that stands behind the rules; ${ROUTING} where there is one`);

/** The rules of a file as they are written; `undefined` where it has faults, which are told. Throws `WrongUse` where it has none. */
export async function rulesIn(cli: Cli, file: string): Promise<AlertRule[] | undefined> {
  const { readRules } = await import("@omoios/domain/alerting/rules/rule-file");
  const { written, faults } = readRules([{ file, text: textOf(file) }]);
  if (faults.length > 0) {
    cli.show({ faults }, () => `${faults.join("\n")}\n`);
    return undefined;
  }
  if (written.length === 0) throw new WrongUse(`${file} has no rule`);
  return written;
}

/** The routing that is named, or the one of this folder. Without either there is none, and no fault. */
export async function routingIn(
  file: string | undefined = existsSync(ROUTING) ? ROUTING : undefined,
): Promise<{ routing: RoutingConfig | undefined; faults: string[] }> {
  if (file === undefined) return { routing: undefined, faults: [] };
  const { readRouting } = await import("@omoios/domain/alerting/routing-file");
  const read = readRouting(textOf(file), file);
  return read.ok ? { routing: read.value, faults: [] } : { routing: undefined, faults: read.faults };
}
