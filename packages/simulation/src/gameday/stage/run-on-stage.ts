import { systemClock } from "@omoios/kernel/clock";
import { type Client, createClient } from "@omoios/sdk/client";
import { configurationOf, type GameDayText, readAll } from "../read-files.ts";
import { type Report, reportOf } from "../report.ts";
import { withoutFaults } from "../without.ts";
import { expectUnknown } from "./expect-unknown.ts";
import { playOnStage, type RunningStage } from "./ground.ts";
import { openReceivers } from "./receivers.ts";
import { refusals } from "./refusals.ts";

export interface StageRun {
  files: readonly GameDayText[];
  stage: RunningStage;
  /** The folder of the stage's configuration: its routing is not told over the API. */
  config: string;
  /** Nothing is broken, and nobody may be told. */
  without?: "faults" | undefined;
  /** Breaks the run off; the report says how far it came. */
  signal: AbortSignal;
  ended?: (report: Report) => void;
}

/** Runs game days one after another in real time. Runs none where a file is wrong, or asks for what cannot be done to this stage. */
export async function runOnStage(run: StageRun): Promise<{ reports: Report[]; faults: string[] }> {
  const { files, stage, config, without, signal, ended } = run;
  const operator = createClient(stage);
  const { configuration, faults } = configurationOf(config);
  if (configuration === undefined) return { reports: [], faults };
  const { alert_routing: routing } = configuration;
  const receivers = await openReceivers(routing, systemClock.now);
  try {
    const known = {
      routing,
      ...(await namesIn(operator)),
      refuse: refusals({ routing, own_receivers: receivers.names, has_faults: stage.faults_url !== undefined }),
    };
    const { days, faults } = readAll(files, known);
    if (faults.length > 0) return { reports: [], faults };
    const reports: Report[] = [];
    for (const given of days) {
      if (signal.aborted) break;
      await expectIdle(operator);
      await expectUnknown(operator, given.history);
      const day = without === "faults" ? withoutFaults(given) : given;
      const report = reportOf(day, await playOnStage(day, { stage, receivers, signal }), without);
      reports.push(report);
      ended?.(report);
    }
    return { reports, faults };
  } finally {
    await receivers.close();
  }
}

/** The rules and policies that are in force. */
async function namesIn(operator: Client): Promise<{ rules: string[]; policies: string[] }> {
  const [rules, policies] = await Promise.all([operator.listAlertRules(), operator.listWatchdogPolicies()]);
  return { rules: rules.items.map(({ name }) => name), policies: policies.items.map(({ name }) => name) };
}

/** The run's agents would take what others wait for, and say that it is done. */
async function expectIdle(operator: Client): Promise<void> {
  const open = await openTasks(operator);
  if (open > 0)
    throw new Error(
      `the stage has ${open} tasks that are ready or running: run game days on a stage without work, or when it is done`,
    );
}

const OPEN: ReadonlySet<string> = new Set(["ready", "assigned", "running"]);

async function openTasks(operator: Client): Promise<number> {
  const { totals } = await operator.getMonitorDashboard();
  let open = totals.queued + totals.running;
  if (open > 0) return open;
  // Figures are of the last minute; what was made since is of the newest tickets.
  const tickets = await operator.listTickets({ query: { limit: 100 } });
  for (const { ticket_id } of tickets.items) {
    const { items } = await operator.listTasks({ query: { ticket_id, limit: 100 } });
    open += items.filter(({ status }) => OPEN.has(status)).length;
  }
  return open;
}
