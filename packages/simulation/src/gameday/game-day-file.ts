import { durationMs } from "@omoios/contracts/shapes/duration";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { routingConfig } from "@omoios/domain/alerting/routing-config";
import { type ConfigRead, readYaml } from "@omoios/domain/config/read";
import { checkGameDay, type Known } from "./check-game-day.ts";
import { beginsAt, endsAt, faultSpan } from "./faults-of.ts";
import { type Entry, type Expectation, type GameDayFile, gameDayFile } from "./game-day-shape.ts";

/** A game day, ready to be run. Times are in milliseconds from its begin. */
export interface GameDay {
  file: string;
  title: string;
  hypothesis: GameDayFile["hypothesis"];
  history: GameDayFile["history"];
  /** In the order in which it is done. */
  timeline: readonly Entry[];
  expect: readonly Expectation[];
  rollback: GameDayFile["rollback"];
  routing: RoutingConfig;
  task_ms: number;
  until_ms: number;
  /** It ends as soon as all that is expected holds. */
  until_met: boolean;
  seed: number;
}

/** A group tells of a change five minutes after its last notification, as a rule. */
const GROUPS_TELL_WITHIN_MS = 360_000;

/** Reads the file of a game day. The faults are lines `file:line:column text`. */
export function readGameDay(text: string, file: string, known: Known): ConfigRead<GameDay> {
  const read = readYaml(text, file, gameDayFile, (value) => checkGameDay(value, known));
  return read.ok ? { ok: true, value: gameDayOf(read.value, file, known) } : read;
}

/** Of a file that was checked. */
function gameDayOf(value: GameDayFile, file: string, { routing: shipped }: Known): GameDay {
  const { title, hypothesis, history, expect, rollback, seed, until, until_met } = value;
  const timeline = [...value.timeline].sort((a, b) => beginsAt(a) - beginsAt(b));
  const last_fault = faultSpan(timeline)?.last_ms ?? 0;
  const spans = expect.flatMap((one) => ("within" in one && one.within !== undefined ? [durationMs(one.within)] : []));
  const over = Math.max(...timeline.map(endsAt), ...spans.map((span) => last_fault + span));
  return {
    file,
    title,
    hypothesis,
    history,
    timeline,
    expect,
    rollback,
    routing: shipped !== undefined && value.routing === undefined ? shipped : routingConfig.parse(value.routing),
    task_ms: durationMs(value.task_takes),
    until_ms: until === undefined ? over + GROUPS_TELL_WITHIN_MS : durationMs(until),
    until_met,
    seed,
  };
}
