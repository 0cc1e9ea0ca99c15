import { startDatabase } from "../../database.ts";
import { configurationOf, type GameDayText, namesOf, readAll } from "../read-files.ts";
import { type Report, reportOf } from "../report.ts";
import { type WithoutPart, withoutFaults } from "../without.ts";
import { playVirtually } from "./ground.ts";

export interface VirtualRun {
  files: readonly GameDayText[];
  /** The folder of the plane's configuration. */
  config: string;
  without?: WithoutPart | undefined;
  /** Hears of each as soon as it is over. */
  ended?: (report: Report) => void;
}

/** Runs game days one after another, in virtual time. Runs none where something is wrong with a file or the configuration. */
export async function runVirtually({
  files,
  config,
  without,
  ended,
}: VirtualRun): Promise<{ reports: Report[]; faults: string[] }> {
  const { configuration, faults: wrong } = configurationOf(config);
  if (configuration === undefined) return { reports: [], faults: wrong };
  const { days, faults } = readAll(files, namesOf(configuration));
  if (faults.length > 0) return { reports: [], faults };
  const database = startDatabase();
  try {
    const reports: Report[] = [];
    for (const given of days) {
      const day = without === "faults" ? withoutFaults(given) : given;
      const report = reportOf(day, await playVirtually(day, { database, configuration, without }), without);
      reports.push(report);
      ended?.(report);
    }
    return { reports, faults };
  } finally {
    await database.stop();
  }
}
