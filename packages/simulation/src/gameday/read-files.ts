import { type Configuration, readConfiguration } from "@omoios/app/configuration";
import { ConfigurationError } from "@omoios/app/configuration-error";
import type { Known } from "./check-game-day.ts";
import { type GameDay, readGameDay } from "./game-day-file.ts";

export interface GameDayText {
  file: string;
  text: string;
}

/** Every game day, and everything that is wrong with the files. */
export function readAll(files: readonly GameDayText[], known: Known): { days: GameDay[]; faults: string[] } {
  const days: GameDay[] = [];
  const faults: string[] = [];
  for (const { file, text } of files) {
    const read = readGameDay(text, file, known);
    if (read.ok) days.push(read.value);
    else faults.push(...read.faults);
  }
  return { days, faults };
}

/** The plane's configuration, or what is wrong with it. */
export function configurationOf(dir: string): { configuration: Configuration | undefined; faults: string[] } {
  try {
    return { configuration: readConfiguration(dir, {}), faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { configuration: undefined, faults: [...error.faults] };
  }
}

/** What game days may name of a configuration. */
export const namesOf = ({ alert_routing, alert_rules, watchdog_policies }: Configuration): Known => ({
  routing: alert_routing,
  rules: alert_rules.written.map(({ name }) => name),
  policies: watchdog_policies.map(({ name }) => name),
});
