import { type Configuration, readConfiguration } from "@omoios/app/configuration";
import { ConfigurationError } from "@omoios/app/configuration-error";
import { startDatabase } from "../database.ts";
import { type GameDay, readGameDay } from "./game-day-file.ts";
import { playGameDay } from "./play.ts";
import { type Report, reportOf } from "./report.ts";
import type { WithoutPart } from "./without.ts";

interface GameDayText {
  file: string;
  text: string;
}

interface Run {
  files: readonly GameDayText[];
  /** The folder of the plane's configuration. */
  config: string;
  without?: WithoutPart | undefined;
  /** Hears of each as soon as it is over. */
  ended?: (report: Report) => void;
}

/** Runs game days one after another, in virtual time. Runs none where something is wrong with a file or the configuration. */
export async function runGameDays({
  files,
  config,
  without,
  ended,
}: Run): Promise<{ reports: Report[]; faults: string[] }> {
  const { days, faults, configuration } = readAll(files, config);
  if (configuration === undefined || faults.length > 0) return { reports: [], faults };
  const database = startDatabase();
  try {
    const reports: Report[] = [];
    for (const day of days) {
      const report = reportOf(day, await playGameDay(day, { database, configuration, without }), without);
      reports.push(report);
      ended?.(report);
    }
    return { reports, faults };
  } finally {
    await database.stop();
  }
}

function readAll(files: readonly GameDayText[], config: string) {
  const days: GameDay[] = [];
  const faults: string[] = [];
  const configuration = configurationOf(config, faults);
  const { alert_routing: routing, alert_rules, watchdog_policies = [] } = configuration ?? {};
  const known = {
    routing,
    rules: alert_rules?.written.map(({ name }) => name) ?? [],
    policies: watchdog_policies.map(({ name }) => name),
  };
  for (const { file, text } of files) {
    const read = readGameDay(text, file, known);
    if (read.ok) days.push(read.value);
    else faults.push(...read.faults);
  }
  return { days, faults, configuration };
}

function configurationOf(config: string, faults: string[]): Configuration | undefined {
  try {
    return readConfiguration(config, {});
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}
