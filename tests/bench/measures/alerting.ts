import { readFileSync } from "node:fs";
import { alertRule } from "@omoios/contracts/shapes/alert-rule";
import { routingOf } from "@omoios/domain/alerting/routing";
import { readRouting } from "@omoios/domain/alerting/routing-file";
import { checkRule } from "@omoios/domain/alerting/rules/check-rule";
import type { Rule } from "@omoios/domain/alerting/rules/rule";
import type { RuleState } from "@omoios/domain/alerting/rules/rule-state";
import { step } from "@omoios/domain/alerting/rules/step";
import { runScenario, type Scenario } from "@omoios/domain/alerting/scenario";
import { type Figures, rounded } from "../figures.ts";

const SERIES = 10_000;
const MINUTES = 20;
const MINUTE_MS = 60_000;
const START = Date.parse("2026-01-05T10:00:00Z");

/** How fast rules are evaluated, and how many notifications a storm of alerts makes under the shipped routing. */
export async function measureAlerting(): Promise<Figures> {
  return { "alerting.evaluations_per_s": evaluations(), "alerting.storm": storm() };
}

/** 10,000 series for twenty minutes, a sample and its minute each; one in a hundred breaches for a while. */
function evaluations(): number {
  const rule = ruleOf();
  const states = new Map<number, RuleState | undefined>();
  const before = process.cpuUsage();
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const now = START + minute * MINUTE_MS;
    for (let series = 0; series < SERIES; series += 1) {
      const labels = { agent_id: `agent-${series}` };
      const value = series % 100 === 0 && minute % 10 > 4 ? 0.9 : 0.1;
      const judged = step(rule, labels, states.get(series), { kind: "sample", value }, now);
      states.set(series, step(rule, labels, judged.state, { kind: "minute" }, now).state);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return rounded((2 * SERIES * MINUTES) / ((user + system) / 1e6), 0);
}

function ruleOf(): Rule {
  const written = alertRule().parse({
    name: "unlike",
    metric: "agent.anomaly_score",
    condition: "value >= 0.8",
    severity: "warning",
    for: "2m",
    annotations: { summary: "Agent {{labels.agent_id}} is unlike its kind: {{value}}" },
  });
  const read = checkRule(written);
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.rule;
}

/** 10,000 alerts of twenty names within a minute, each told three times over. */
function storm(): Figures[string] {
  const file = new URL("../../../config/alert_routing.yaml", import.meta.url);
  const read = readRouting(readFileSync(file, "utf8"), "alert_routing.yaml");
  if (!read.ok) throw new Error(read.faults.join("\n"));
  const signals = Array.from({ length: 30_000 }, (_, index): Scenario["signals"][number] => {
    const alert = index % 10_000;
    return {
      alertname: `storm_${alert % 20}`,
      labels: { agent_id: `agent-${alert}` },
      status: "firing",
      severity: "warning",
      annotations: {},
      at: START + Math.floor((alert / 10_000) * MINUTE_MS),
      arrives_at: START + Math.floor((index / 30_000) * MINUTE_MS),
      routing: [],
      deduplication_window_ms: 300_000,
    };
  });
  const { notices, alerts } = runScenario({ routing: routingOf(read.value), signals, until: START + MINUTE_MS * 2 });
  const groups = new Set(notices.map(({ notification }) => notification.groupKey)).size;
  const notifications_per_group = rounded(notices.length / groups);
  return { alerts: alerts.length, groups, notifications: notices.length, notifications_per_group };
}
