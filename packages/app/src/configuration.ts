import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { webhookFault } from "@omoios/adapters/messaging/webhooks";
import type { Limits } from "@omoios/contracts/limits";
import { environmentNames } from "@omoios/contracts/places";
import type { AddressRules } from "@omoios/domain/alerting/receiver-checks";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { readRouting } from "@omoios/domain/alerting/routing-file";
import { readLimits } from "@omoios/domain/config/limits";
import type { ConfigRead } from "@omoios/domain/config/read";
import type { Policy } from "@omoios/domain/guardian/policy";
import { readGuardianPolicies } from "@omoios/domain/guardian/policy-file";
import type { Workflow } from "@omoios/domain/tickets/workflow";
import { readWorkflow, writeWorkflow } from "@omoios/domain/tickets/workflow-file";
import { overridePolicies } from "@omoios/domain/watchdog/override-policies";
import type { PolicyConfig } from "@omoios/domain/watchdog/policy-config";
import { readPolicies } from "@omoios/domain/watchdog/policy-file";
import { type AlertRuleFiles, readAlertRules } from "./alert-rule-files.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Variables } from "./environment.ts";
import { yamlFilesOf } from "./yaml-files.ts";

export interface Configuration {
  limits: Limits;
  workflows: ReadonlyMap<string, Workflow>;
  /** The same as YAML, as their files have it. */
  workflow_texts: ReadonlyMap<string, string>;
  alert_routing: RoutingConfig;
  alert_rules: AlertRuleFiles;
  watchdog_policies: readonly PolicyConfig[];
  guardian_policies: readonly Policy[];
}

/** What a folder without a routing says: alerts are kept and shown, and nobody is told. */
const NOBODY =
  "receivers: [{ name: nobody, type: email, to: [nobody@example.invalid] }]\nroute: { receiver: nobody }\n";

/**
 * Reads a configuration folder: `limits.yaml` and `watchdog_policies/*.yaml`, with the environment over them, `workflows/*.yaml`,
 * `alert_routing.yaml` and `guardian_policies/*.yaml`. A folder without policies has no watchdog, and no guardian that acts by itself.
 * Throws `ConfigurationError` with every fault.
 */
export function readConfiguration(dir: string, variables: Variables): Configuration {
  const faults: string[] = [];
  const take = <T>(read: ConfigRead<T>): T | undefined => {
    if (read.ok) return read.value;
    faults.push(...read.faults);
    return undefined;
  };
  const limits_file = join(dir, "limits.yaml");
  const limits_text = existsSync(limits_file) ? readFileSync(limits_file, "utf8") : undefined;
  const limits = take(readLimits(limits_text, limits_file, variables));
  const folder = join(dir, "workflows");
  const files = yamlFilesOf(folder);
  if (files.length === 0)
    faults.push(`${folder}: there is no workflow; take config/workflows/software_development.yaml to begin with`);
  const workflows = new Map<string, Workflow>();
  const workflow_texts = new Map<string, string>();
  for (const { file: path, text } of files) {
    const workflow = take(readWorkflow(text, path, [...workflows.keys()]));
    if (workflow === undefined) continue;
    workflows.set(workflow.id, workflow);
    workflow_texts.set(workflow.id, writeWorkflow(workflow, text));
  }
  const routing_file = join(dir, "alert_routing.yaml");
  const routing_text = existsSync(routing_file) ? readFileSync(routing_file, "utf8") : NOBODY;
  const alert_routing = take(readRouting(routing_text, routing_file, addressRules(variables)));
  const policies = take(readPolicies(yamlFilesOf(join(dir, "watchdog_policies"))));
  const watchdog_policies = policies && take(overridePolicies(policies, variables));
  const guardian_policies = take(readGuardianPolicies(yamlFilesOf(join(dir, "guardian_policies"))));
  const all = { limits, alert_routing, watchdog_policies, guardian_policies };
  if (!isWhole(all) || faults.length > 0) throw new ConfigurationError(faults);
  const receivers = new Set(all.alert_routing.receivers.map(({ name }) => name));
  return { ...all, workflows, workflow_texts, alert_rules: readAlertRules(dir, receivers) };
}

/** What the folder says that will not be in force, and what is missing without which the plane is silent: a line each, for who starts it. */
export function noticesOf(configuration: Configuration): string[] {
  const { written, faults } = configuration.alert_rules;
  const none =
    "There is no alert rule: the plane tells of its own events alone. Rules are read from alert_rules/*.yaml.";
  return [
    ...faults.map((fault) => `An alert rule is left out: ${fault}`),
    ...(written.length + faults.length === 0 ? [none] : []),
  ];
}

/** What a stage lets stand in the routing; nothing is asked where no stage reads it. */
function addressRules(variables: Variables): AddressRules | undefined {
  const allowed = variables[environmentNames.privateWebhooks];
  if (allowed === undefined) return undefined;
  const plain = allowed === "true";
  const faultOf = (url: string) => {
    const fault = webhookFault(plain)(url);
    return fault === undefined || plain ? fault : `${fault}, unless stages.yaml has allow_private_webhooks: true`;
  };
  return { plain, may_lack: true, faultOf };
}

type Whole<T> = { [K in keyof T]: NonNullable<T[K]> };

const isWhole = <T extends object>(parts: T): parts is T & Whole<T> =>
  Object.values(parts).every((part) => part !== undefined);
