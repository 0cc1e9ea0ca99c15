import { setTimeout as sleep } from "node:timers/promises";
import { functions } from "@omoios/contracts/topology";
import { namesOf } from "../../../../stacks/names.ts";
import { askAws, keepSdkQuiet } from "../ask-aws.ts";
import type { Wanted } from "./line.ts";

/** Without `--since`, so far back: a query is paid by what it reads. */
const BACK_MS = 3_600_000;
/** Lines reach Logs Insights late, and out of their order. */
const LATE_MS = 60_000;
const ASK_EVERY_MS = 5_000;

interface Reading {
  follow: boolean;
  now: () => number;
  /** Is told what the lines do not say. */
  note: (text: string) => void;
}

/** Lines of a deployed stage by Logs Insights, oldest first. What comes is asked for every five seconds. */
export async function* stageLines(
  stage: string,
  { since, ...ids }: Wanted,
  { follow, now, note }: Reading,
): AsyncGenerator<string> {
  const { insights, logsClient } = await import("@omoios/adapters/telemetry/logs-insights");
  const names = namesOf(stage);
  keepSdkQuiet();
  const client = logsClient();
  const query = {
    log_groups: functions.map(({ name }) => `/aws/lambda/${names.function(name)}`),
    holds: Object.values(ids).filter((id) => id !== undefined),
    sleep: (ms: number) => sleep(ms),
  };
  let seen = new Set<string>();
  for (let from = since ?? now() - BACK_MS; ; from = Math.max(from, now() - LATE_MS)) {
    const to = now();
    const { lines, more } = await askAws(stage, () => insights(client, { ...query, from, to }));
    if (more) {
      const since = new Date(from).toISOString();
      note(`only the newest ${lines.length} lines since ${since} are shown: name an id, or a shorter --since`);
    }
    for (const { ptr, message } of lines) if (!seen.has(ptr)) yield message;
    if (!follow) return;
    seen = new Set(lines.map(({ ptr }) => ptr));
    await sleep(ASK_EVERY_MS);
  }
}
