import { durationMs } from "@omoios/contracts/shapes/duration";
import type { Instant } from "@omoios/kernel/clock";
import { routingOf } from "../routing.ts";
import { evaluate, minutesFrom, type Sample, virtualPace } from "../rules/evaluate.ts";
import { runScenario } from "../scenario.ts";
import type { AlertSignal } from "../signal.ts";
import { compare, type Told, type Verdict } from "./compare.ts";
import type { Rehearsal } from "./rehearsal-file.ts";

/** How a rehearsal went: what was told, what of it was not as expected, and acts that could not be done. */
export interface RehearsalRun extends Verdict {
  told: Told[];
  refused: { at_ms: number; why: string }[];
}

/** Runs rules, routing and escalation in virtual time, by the steps of the plane. Times are counted from the start. */
export function runRehearsal(rehearsal: Rehearsal): RehearsalRun {
  const { start, until, silences, acts, expect } = rehearsal;
  const course = runScenario({
    routing: routingOf(rehearsal.routing),
    silences,
    signals: signalsOf(rehearsal),
    acts,
    until,
  });
  const told = course.notices.map(({ receiver, at, notification }): Told => {
    const { status, alerts } = notification;
    return { receiver, status, at_ms: at - start, alerts: alerts.map(({ labels }) => labels) };
  });
  return {
    told,
    refused: course.refused.map(({ at, why }) => ({ at_ms: at - start, why })),
    ...compare(told, expect),
  };
}

/** What the rules say of the series. While the sweep is paused only samples are judged, as in the plane. */
function signalsOf({ rules, series, start, until, interval_ms, acts }: Rehearsal): AlertSignal[] {
  const pauses = acts.filter((act) => act.do === "pause_sweep");
  const minutes = minutesFrom(start, until, interval_ms).filter(
    (minute) => !pauses.some(({ at, for_ms }) => at <= minute && minute < at + for_ms),
  );
  return rules.flatMap((rule) =>
    series
      .filter(({ metric_name }) => metric_name === rule.metric)
      .flatMap(({ labels, samples }) =>
        evaluate(rule, labels, samplesOf(samples, start, until), minutes, virtualPace(interval_ms)),
      )
      .flatMap(({ signals }) => signals),
  );
}

function samplesOf(entries: Rehearsal["series"][number]["samples"], start: Instant, until: Instant): Sample[] {
  const values = new Map<Instant, number | null>();
  for (const { from, to = from, every, value } of entries) {
    const [first, last] = [start + durationMs(from), Math.min(until, start + durationMs(to))];
    for (const at of minutesFrom(first, last, durationMs(every))) values.set(at, value);
  }
  return [...values].flatMap(([at, value]) => (value === null ? [] : [{ at, value }])).sort((a, b) => a.at - b.at);
}
