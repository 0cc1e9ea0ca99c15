import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readRules } from "./rule-file.ts";

const DIR = fileURLToPath(new URL("../../../../../config/alert_rules/", import.meta.url));
const { rules, faults } = readRules(
  readdirSync(DIR).map((name) => ({ file: name, text: readFileSync(`${DIR}${name}`, "utf8") })),
);

it("the shipped rules are whole, and are the nine that the specification names", () => {
  expect(faults).toEqual([]);
  expect(rules.map(({ name }) => name).sort()).toEqual([
    "agent_anomaly_high",
    "agent_heartbeat_missed",
    "agent_unresponsive",
    "high_queue_depth",
    "task_dead_lettered",
    "ticket_blocked",
    "ticket_blocked_critical",
    "watchdog_escalation",
    "watchdog_remediation_failed",
  ]);
});

it.each(rules.map((rule) => [rule.name, rule] as const))("%s says in a sentence what is wrong", (_name, rule) => {
  expect(rule.annotations.summary).toMatch(/\{\{labels\.\w+\}\}/);
});
