import { type Notification, SEVERITIES, type Severity } from "@omoios/contracts/shapes/alert";

type Alert = Notification["alerts"][number];

/** `[FIRING:2] slow (agent_id=a1)`: what a subject or a headline says of a group. */
export function headline({ status, alerts, truncatedAlerts, groupLabels, commonLabels }: Notification): string {
  const firing =
    alerts.filter((alert) => alert.status === "firing").length + (status === "firing" ? truncatedAlerts : 0);
  const name = commonLabels.alertname ?? groupLabels.alertname ?? "alerts";
  const about = Object.entries(commonLabels).filter(([label]) => label !== "alertname" && label !== "severity");
  const state = status === "firing" ? `FIRING:${firing}` : "RESOLVED";
  return `[${state}] ${name}${about.length === 0 ? "" : ` (${about.map(shown).join(", ")})`}`;
}

/** The worst severity of the alerts that fire, or of all where none does. */
export function worstOf({ alerts }: Notification): Severity {
  const firing = alerts.filter(({ status }) => status === "firing");
  const found = new Set((firing.length > 0 ? firing : alerts).map(({ labels }) => labels.severity));
  return [...SEVERITIES].reverse().find((severity) => found.has(severity)) ?? "warning";
}

/** What one alert is about, in a line: its summary, and by which labels it differs from the others where the summary does not say so. */
export function summaryOf(
  { labels, annotations: { summary, acknowledged } }: Alert,
  { commonLabels }: Notification,
): string {
  const { alertname = "alert", severity: _, ...about } = labels;
  const taken_on = acknowledged === undefined ? "" : `, taken on by ${acknowledged}`;
  if (summary === undefined) return `${[alertname, ...Object.entries(about).map(shown)].join(" ")}${taken_on}`;
  const own = Object.entries(about).filter(
    ([label, value]) => commonLabels[label] !== value && !summary.includes(value),
  );
  return `${summary}${own.length === 0 ? "" : ` (${own.map(shown).join(", ")})`}${taken_on}`;
}

const shown = ([label, value]: [string, string]) => `${label}=${value}`;
