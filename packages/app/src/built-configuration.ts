import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "@omoios/contracts/limits";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { overrideLimits } from "@omoios/domain/config/override-limits";
import type { Policy } from "@omoios/domain/guardian/policy";
import type { Workflow } from "@omoios/domain/tickets/workflow";
import { overridePolicies } from "@omoios/domain/watchdog/override-policies";
import type { PolicyConfig } from "@omoios/domain/watchdog/policy-config";
import type { AlertRuleFiles } from "./alert-rule-files.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Variables } from "./environment.ts";

const FILE = "built.json";

interface Built {
  limits: Limits;
  workflows: Workflow[];
  workflow_texts: Record<string, string>;
  alert_routing: RoutingConfig;
  alert_rules: AlertRuleFiles;
  watchdog_policies: readonly PolicyConfig[];
  guardian_policies: readonly Policy[];
}

/** Leaves a configuration that was read and judged for `readConfiguration` of this file. */
export function writeConfiguration(dir: string, { workflows, workflow_texts, ...read }: Configuration): void {
  const built: Built = {
    ...read,
    workflows: [...workflows.values()],
    workflow_texts: Object.fromEntries(workflow_texts),
  };
  writeFileSync(join(dir, FILE), JSON.stringify(built));
}

/**
 * What `configuration.ts` reads from YAML, in a bundle: the build has read and judged the files, and a cold start does neither.
 * Throws `ConfigurationError` for a variable that is wrong.
 */
export function readConfiguration(dir: string, variables: Variables): Configuration {
  const built = JSON.parse(readFileSync(join(dir, FILE), "utf8")) as Built;
  const limits = overrideLimits(built.limits, variables);
  const policies = overridePolicies(built.watchdog_policies, variables);
  if (!limits.ok || !policies.ok)
    throw new ConfigurationError([limits, policies].flatMap((read) => (read.ok ? [] : read.faults)));
  return {
    limits: limits.value,
    workflows: new Map(built.workflows.map((workflow) => [workflow.id, workflow])),
    workflow_texts: new Map(Object.entries(built.workflow_texts)),
    alert_routing: built.alert_routing,
    alert_rules: built.alert_rules,
    watchdog_policies: policies.value,
    guardian_policies: built.guardian_policies,
  };
}
