import { durationMs } from "@omoios/contracts/shapes/duration";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import { type ConfigRead, readYaml } from "../../config/read.ts";
import { type RoutingConfig, routingConfig } from "../routing-config.ts";
import type { Rule } from "../rules/rule.ts";
import { readRule } from "../rules/rule-file.ts";
import type { Act } from "../scenario.ts";
import type { Silence } from "../silence.ts";
import { checkRehearsal, silenceOf } from "./check-rehearsal.ts";
import { type RehearsalFile, rehearsalFile } from "./rehearsal-shape.ts";

/** A test of rules and routing together, ready to be run. */
export interface Rehearsal {
  rules: readonly Rule[];
  routing: RoutingConfig;
  start: Instant;
  until: Instant;
  interval_ms: number;
  silences: readonly Silence[];
  series: RehearsalFile["series"];
  acts: readonly Act[];
  expect: RehearsalFile["expect"];
}

/**
 * Reads the file of `omoi rules test`.
 * @param shipped the routing where the file has none
 */
export function readRehearsal(text: string, file: string, shipped: RoutingConfig | undefined): ConfigRead<Rehearsal> {
  const read = readYaml(text, file, rehearsalFile, (value) => checkRehearsal(value, shipped));
  return read.ok ? { ok: true, value: rehearsalOf(read.value, shipped) } : read;
}

/** Whether a file is one of `omoi rules test`: only such have anything beside rules. */
export const isRehearsal = (text: string): boolean => /^["']?(start|until|series|expect)["']?\s*:/m.test(text);

/** Of a file that was checked. */
function rehearsalOf(file: RehearsalFile, shipped: RoutingConfig | undefined): Rehearsal {
  const start = fromRfc3339(file.start) ?? 0;
  const at = (text: string): Instant => start + durationMs(text);
  const rules = file.rules.map((entry) => readRule(entry));
  return {
    rules: rules.flatMap((read) => (read.ok ? [read.rule] : [])),
    routing: shipped !== undefined && file.routing === undefined ? shipped : routingConfig.parse(file.routing),
    start,
    until: at(file.until),
    interval_ms: durationMs(file.evaluation_interval),
    silences: file.silences.map((silence) => silenceOf(silence, start)),
    series: file.series,
    acts: file.acts.map(
      (one): Act =>
        one.do === "pause_sweep"
          ? { do: one.do, at: at(one.at), for_ms: durationMs(one.for) }
          : { do: one.do, at: at(one.at), alert: one.alert, labels: one.labels, by: "the test" },
    ),
    expect: file.expect,
  };
}
