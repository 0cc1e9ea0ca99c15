import { alertRule, NO_DATA } from "@omoios/contracts/shapes/alert-rule";
import { type Random, seededRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import type { AlertSignal } from "../signal.ts";
import { checkRule } from "./check-rule.ts";
import type { Rule } from "./rule.ts";
import type { Reading, RuleState } from "./rule-state.ts";
import { step } from "./step.ts";

const LABELS = { phase_id: "P" };
const oneOf = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

function anyRule(random: Random): Rule {
  const read = checkRule(
    alertRule().parse({
      name: "any",
      metric: oneOf(random, ["tasks_queued_total", "tasks_failed_total"]),
      condition: "value > 2",
      severity: "error",
      for: oneOf(random, ["0s", "90s", "3m"]),
      keep_firing_for: oneOf(random, ["0s", "2m"]),
      no_data: oneOf(random, NO_DATA),
      ...(random() < 0.4 ? { resolve_condition: "value < 1" } : {}),
      ...(random() < 0.4 ? { datapoints: { breaching: 2, of: 3 } } : {}),
    }),
  );
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.rule;
}

/** An hour of minutes, most of which are evaluated, with samples in between and holes of both. */
function anyHour(random: Random): { at: number; reading: Reading }[] {
  const readings: { at: number; reading: Reading }[] = [];
  let level = 0;
  for (let minute = 0; minute < 60; minute += 1) {
    if (random() < 0.2) level = Math.floor(random() * 5);
    const samples = oneOf(random, [0, 1, 1, 1, 2]);
    for (let n = 0; n < samples; n += 1)
      readings.push({ at: minute * 60_000 + n * 20_000, reading: { kind: "sample", value: level + n } });
    if (random() < 0.9) readings.push({ at: minute * 60_000 + 50_000, reading: { kind: "minute" } });
  }
  return readings;
}

function live(rule: Rule, readings: readonly { at: number; reading: Reading }[]) {
  const signals: AlertSignal[] = [];
  const states: string[] = [];
  let state: RuleState | undefined;
  for (const { at, reading } of readings) {
    const made = step(rule, LABELS, state, reading, at);
    states.push(JSON.stringify(made.state ?? null));
    state = made.state === undefined ? undefined : (JSON.parse(JSON.stringify(made.state)) as RuleState);
    signals.push(...made.signals);
  }
  return { signals, states };
}

it.each(Array.from({ length: 200 }, (_, seed) => seed))("whatever happens: seed %d", (seed) => {
  const random = seededRandom(seed);
  const rule = anyRule(random);
  const readings = anyHour(random);
  const { signals, states } = live(rule, readings);

  // What comes twice, or late, tells nothing more. Where nothing is remembered, whoever takes samples in keeps late ones back.
  const twice = readings.flatMap((one, index) => {
    const late = states[index] === "null" ? [] : readings.slice(Math.max(0, index - 1), index);
    return [one, one, ...late];
  });
  expect(live(rule, twice).signals).toEqual(signals);

  // An alert pends, fires and ends, and is told nothing twice.
  const story = signals.map(({ status }) => status.charAt(0)).join("");
  expect(story).toMatch(/^(pf?r|fr)*(pf?|f)?$/);
  for (const { status } of signals) if (rule.for_ms === 0) expect(status).not.toBe("pending");

  expect(Math.max(...states.map(({ length }) => length))).toBeLessThan(700);
});

it("what chance makes fires, pends and ends", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed += 1) {
    const random = seededRandom(seed);
    for (const { status } of live(anyRule(random), anyHour(random)).signals) seen.add(status);
  }
  expect([...seen].sort()).toEqual(["firing", "pending", "resolved"]);
});
