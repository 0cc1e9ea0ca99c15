import type { Instant } from "@omoios/kernel/clock";
import { type Routing, routingOf } from "./routing.ts";
import { readRouting } from "./routing-file.ts";
import { runScenario, type Scenario } from "./scenario.ts";
import type { AlertSignal } from "./signal.ts";

/** A Monday, 10:00 UTC. */
export const START = Date.parse("2026-01-05T10:00:00Z");
export const HOUR = 3_600;

/** A moment so many seconds after the start. */
export const at = (seconds: number): Instant => START + seconds * 1_000;

/** A routing of YAML, which must be whole. */
export function routingFrom(yaml: string, deduplicates?: boolean): Routing {
  const read = readRouting(yaml, "alert_routing.yaml");
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return routingOf(read.value, deduplicates);
}

/** A word of a source, so many seconds after the start. */
export const said = (
  seconds: number,
  status: AlertSignal["status"],
  given: Partial<Omit<AlertSignal, "at" | "status">> = {},
): AlertSignal => ({
  alertname: "slow",
  labels: { agent_id: "a1" },
  severity: "warning",
  annotations: {},
  routing: [],
  deduplication_window_ms: 0,
  at: at(seconds),
  status,
  ...given,
});

export const fires = (seconds: number, given?: Parameters<typeof said>[2]) => said(seconds, "firing", given);
export const ends = (seconds: number, given?: Parameters<typeof said>[2]) => said(seconds, "resolved", given);

/** The notifications of a scenario as lines: seconds, receiver, why, and what each alert is said to be. */
export function told(scenario: Omit<Scenario, "until"> & { until?: number }): string[] {
  const { notices } = runScenario({ ...scenario, until: at(scenario.until ?? 24 * HOUR) });
  return notices.map(({ at: when, receiver, why, notification: { alerts } }) => {
    const shown = alerts.map(({ status, labels }) => `${status} ${labels.agent_id ?? labels.alertname}`);
    return `${(when - START) / 1_000} ${receiver} ${why}: ${shown.join(", ")}`;
  });
}

/** The receivers of the tests, without addresses. */
export const RECEIVERS = `receivers:
  - { name: slack, type: slack }
  - { name: mail, type: email }
  - { name: oncall, type: pagerduty }
  - { name: mute, type: webhook, send_resolved: false }
`;

/** What most routings say. */
export const plain = routingFrom(`${RECEIVERS}route: { receiver: slack, group_by: [alertname] }`);

/** Nothing waits, so that other rules show. */
export const swift = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 1s }`);

export const critical = { severity: "critical" } as const;
export const a2 = { labels: { agent_id: "a2" } };
