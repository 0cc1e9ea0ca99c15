import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "@omoios/contracts/limits";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { readRouting } from "@omoios/domain/alerting/routing-file";
import { readLimits } from "@omoios/domain/config/limits";
import type { ConfigRead } from "@omoios/domain/config/read";
import type { Workflow } from "@omoios/domain/tickets/workflow";
import { readWorkflow } from "@omoios/domain/tickets/workflow-file";
import { type AlertRuleFiles, readAlertRules } from "./alert-rule-files.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Variables } from "./environment.ts";

export interface Configuration {
  limits: Limits;
  workflows: ReadonlyMap<string, Workflow>;
  alert_routing: RoutingConfig;
  alert_rules: AlertRuleFiles;
}

/** What a folder without a routing says: alerts are kept and shown, and nobody is told. */
const NOBODY =
  "receivers: [{ name: nobody, type: email, to: [nobody@example.invalid] }]\nroute: { receiver: nobody }\n";

/** Reads `limits.yaml`, with the environment over it, `workflows/*.yaml` and `alert_routing.yaml` of a configuration folder. Throws `ConfigurationError` with every fault. */
export function readConfiguration(dir: string, variables: Variables): Configuration {
  const faults: string[] = [];
  const take = <T>(read: ConfigRead<T>): T | undefined => {
    if (read.ok) return read.value;
    faults.push(...read.faults);
    return undefined;
  };
  const file = join(dir, "limits.yaml");
  const limits = take(readLimits(existsSync(file) ? readFileSync(file, "utf8") : undefined, file, variables));
  const folder = join(dir, "workflows");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];
  if (files.length === 0)
    faults.push(`${folder}: there is no workflow; take config/workflows/software_development.yaml to begin with`);
  const workflows = new Map<string, Workflow>();
  for (const name of files.sort()) {
    const path = join(folder, name);
    const workflow = take(readWorkflow(readFileSync(path, "utf8"), path));
    if (workflow !== undefined) workflows.set(workflow.id, workflow);
  }
  const routing_file = join(dir, "alert_routing.yaml");
  const text = existsSync(routing_file) ? readFileSync(routing_file, "utf8") : NOBODY;
  const alert_routing = take(readRouting(text, routing_file));
  if (limits === undefined || alert_routing === undefined || faults.length > 0) throw new ConfigurationError(faults);
  const receivers = new Set(alert_routing.receivers.map(({ name }) => name));
  return { limits, workflows, alert_routing, alert_rules: readAlertRules(dir, receivers) };
}
