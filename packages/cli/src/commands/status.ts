import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { readStatus, type StageStatus } from "../read-status.ts";

export const status = command({
  usage: "status",
  about: "show tickets, tasks, agents and dead letters at a glance",
  async run(cli) {
    const stage = await readStatus(await cli.client());
    cli.show(stage, () => statusText(cli, stage));
  },
});

function statusText(cli: Cli, stage: StageStatus): string {
  const number = (count: number, more: boolean): string => (count === 0 ? "" : `${count}${more ? "+" : ""}`);
  const phases = cli.table(
    stage.phases,
    [
      { head: "PHASE", value: ({ phase_id }) => phase_id },
      ...(["open", "blocked", "done", "cancelled"] as const).map((name) => ({
        head: name.toUpperCase(),
        value: ({ tickets }: StageStatus["phases"][number]) => number(tickets[name] ?? 0, stage.more_tickets),
        right: true,
      })),
      ...(["ready", "running", "failed"] as const).map((name) => ({
        head: `TASKS ${name.toUpperCase()}`,
        value: ({ tasks }: StageStatus["phases"][number]) => number(tasks[name].count, tasks[name].more),
        right: true,
      })),
    ],
    "no tickets",
  );
  const agents = Object.entries(stage.agents).map(([name, count]) => `${count} ${cli.paintStatus(name)}`);
  const { count, more } = stage.dead_letters;
  return [
    phases,
    `agents        ${agents.join(", ") || "none"}`,
    `dead letters  ${count}${more ? "+" : ""}`,
    `claims        ${stage.paused ? "paused" : "open"}`,
    "",
  ].join("\n");
}
