import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { labelText } from "../../output/labels.ts";
import { clockTime } from "../../output/times.ts";

type Dashboard = RouteReply<"getMonitorDashboard">;
type Level = Dashboard["service_levels"]["task_success_ratio"]["hour"];

export const monitorDashboard = command({
  usage: "dashboard",
  about: "show tasks, agents, service levels, anomalies and critical alerts at a glance",
  async run(cli) {
    const shown = await (await cli.client()).getMonitorDashboard();
    cli.show(shown, () => dashboardText(cli, shown));
  },
});

function dashboardText(cli: Cli, { totals, agents, locks, service_levels, anomalies, alerts }: Dashboard): string {
  const { queued, running, stuck, completed, failed, dead_lettered, tickets_blocked } = totals;
  const levels = [
    { name: "agents available", of: service_levels.agent_availability_ratio },
    { name: "tasks successful", of: service_levels.task_success_ratio },
  ];
  const active = Object.entries(alerts.active).filter(([, count]) => count > 0);
  return [
    `tasks    ${queued} queued, ${running} running, ${stuck} stuck, ${completed} completed, ${failed} failed, ${dead_lettered} dead letters`,
    `tickets  ${tickets_blocked} blocked`,
    `agents   ${agents.active} active, ${agents.stale} stale, ${agents.failed} failed`,
    `leases   ${locks.active}`,
    `alerts   ${active.map(([severity, count]) => `${count} ${severity}`).join(", ") || "none"}`,
    "",
    cli.table(
      levels,
      [
        { head: "SERVICE LEVEL", value: ({ name }) => name },
        { head: "THIS HOUR", value: ({ of }) => percent(of.hour), right: true },
        { head: "24 HOURS", value: ({ of }) => percent(of.day), right: true },
        { head: "TARGET", value: ({ of }) => `${(of.hour.target * 100).toFixed(0)}%`, right: true },
      ],
      "",
    ),
    cli.table(
      alerts.critical,
      [
        { head: "CRITICAL ALERT", value: ({ labels }) => labels.alertname ?? "" },
        { head: "STATE", value: ({ state }) => state },
        { head: "SUMMARY", value: ({ annotations }) => annotations.summary ?? "", cut: true },
      ],
      "no critical alert",
    ),
    cli.table(
      anomalies,
      [
        { head: "ANOMALY", value: ({ metric_name }) => metric_name },
        { head: "LABELS", value: ({ labels }) => labelText(labels), cut: true },
        { head: "KIND", value: ({ kind }) => kind },
        { head: "SEVERITY", value: ({ severity }) => severity },
        { head: "SINCE", value: ({ detected_at }) => clockTime(detected_at) },
        { head: "OVER", value: ({ cleared_at }) => (cleared_at === null ? "no" : clockTime(cleared_at)) },
      ],
      "no anomaly",
    ),
  ].join("\n");
}

const percent = ({ ratio, met }: Level): string =>
  ratio === null ? "–" : `${(ratio * 100).toFixed(1)}%${met ? "" : " below"}`;
