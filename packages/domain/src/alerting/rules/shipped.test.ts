import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readRules } from "./rule-file.ts";
import { tryRule } from "./try-rule.ts";

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

const well = (value: number) => [value, value, value, value, value, value, value];

/** What each does over seven minutes: `i`nactive, `p`ending, `f`iring. */
it.each<[string, readonly number[], string]>([
  ["agent_heartbeat_missed", [0, 1, 2, 3, 4, 0, 0], "iiiffii"],
  ["agent_anomaly_high", [0.79, 0.8, 0.81, 0.79, 0, 0, 0], "iffiiii"],
  ["agent_unresponsive", [0, 1, 1, 0, 0, 0, 0], "iffiiii"],
  ["ticket_blocked", [0, 1, 1, 0, 0, 0, 0], "iffiiii"],
  ["ticket_blocked_critical", [0, 1, 1, 0, 0, 0, 0], "iffiiii"],
  ["high_queue_depth", well(100), "iiiiiii"],
  ["high_queue_depth", [...well(101), 90, 79], "pppppfffi"],
  ["high_queue_depth", [101, 101, 99, 101, 101, 101, 101], "ppipppp"],
  // Counters: what they had counted before is nothing new, and each rise is told for five minutes.
  ["task_dead_lettered", [7, 7, 8, 8, 8, 8, 8, 8], "iifffffi"],
  ["watchdog_remediation_failed", [0, 1, 1, 1, 1, 1, 1], "ifffffi"],
  ["watchdog_escalation", [3, 3, 3, 3, 3, 3, 3], "iiiiiii"],
])("%s over %j", (name, values, phases) => {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule ${name} is shipped`);
  const { timeline } = tryRule(rule, 0, 60_000, [{ labels: {}, values, interval_ms: 60_000 }]);
  expect(timeline.map(({ state }) => state.charAt(0)).join("")).toBe(phases);
});
