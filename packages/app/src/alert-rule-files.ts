import { join } from "node:path";
import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import { readRules } from "@omoios/domain/alerting/rules/rule-file";
import { yamlFilesOf } from "./yaml-files.ts";

/** What `alert_rules/` of a configuration folder says. */
export interface AlertRuleFiles {
  /** The rules in force. */
  written: AlertRule[];
  /** What is wrong with the others, which are left out: `file:line:column text`. */
  faults: string[];
}

/**
 * Reads `alert_rules/*.yaml`. A rule that is wrong is left out alone: a stage without it is better than none.
 * @param receivers those that a rule may name
 */
export function readAlertRules(dir: string, receivers: ReadonlySet<string>): AlertRuleFiles {
  const folder = join(dir, "alert_rules");
  const { written, faults } = readRules(yamlFilesOf(folder), { receivers });
  return { written, faults };
}
