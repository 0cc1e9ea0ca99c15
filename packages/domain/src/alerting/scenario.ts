import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { Outcome } from "@omoios/kernel/outcome";
import { invariant } from "@omoios/kernel/problem";
import type { Alert } from "./alert.ts";
import { acknowledge, resolveByHand } from "./alert-acts.ts";
import { Board } from "./board.ts";
import { earliest } from "./gates.ts";
import type { Step } from "./life.ts";
import type { LogEntry } from "./log.ts";
import type { Notice } from "./notice.ts";
import type { Routing } from "./routing.ts";
import type { AlertSignal } from "./signal.ts";
import { ready, type Silence } from "./silence.ts";

/** What a person does, or what befalls the sweep. */
export type Act =
  | { at: Instant; do: "acknowledge" | "resolve"; alert: string; labels?: Labels | undefined; by?: string | undefined }
  | { at: Instant; do: "pause_sweep"; for_ms: number };

/** Some hours of alerting, to be lived through in virtual time. */
export interface Scenario {
  routing: Routing;
  silences?: readonly Silence[] | undefined;
  /** A word arrives at the moment that it tells of, unless `arrives_at` names another. */
  signals: readonly (AlertSignal & { arrives_at?: Instant | undefined })[];
  acts?: readonly Act[] | undefined;
  until: Instant;
}

export interface Course {
  /** In the order in which they were told. */
  notices: readonly Notice[];
  entries: readonly LogEntry[];
  /** Acts that were refused, with why. */
  refused: readonly { at: Instant; why: string }[];
  alerts: readonly Alert[];
}

/** Lives through a scenario: at each moment what sources say, then what people do, then what is due. */
export function runScenario({ routing, silences = [], signals, acts = [], until }: Scenario): Course {
  const board = new Board(routing, silences.map(ready));
  const words = signals.map((signal) => ({ at: signal.arrives_at ?? signal.at, signal })).sort((a, b) => a.at - b.at);
  const deeds = [...acts].sort((a, b) => a.at - b.at);
  const refused: { at: Instant; why: string }[] = [];
  let paused_until = Number.NEGATIVE_INFINITY;
  let now = Number.NEGATIVE_INFINITY;
  for (;;) {
    const due_at = board.dueAt();
    const sweep_at = due_at === undefined ? undefined : Math.max(due_at, paused_until);
    const next = earliest([words[0]?.at, deeds[0]?.at, sweep_at]);
    if (next === undefined || next > until)
      return { notices: board.notices, entries: board.entries, refused, alerts: board.alerts() };
    invariant(next >= now, "what is due lies ahead");
    now = next;
    for (let word = words[0]; word?.at === now; word = words[0]) {
      board.hear(word.signal, now);
      words.shift();
    }
    for (let act = deeds[0]; act?.at === now; act = deeds[0]) {
      deeds.shift();
      if (act.do === "pause_sweep") paused_until = Math.max(paused_until, now + act.for_ms);
      else refused.push(...perform(board, act, now));
    }
    if (paused_until <= now) board.sweep(now);
  }
}

/** Acknowledges or resolves every alert that the act means; gives what was refused. */
function perform(board: Board, act: Exclude<Act, { do: "pause_sweep" }>, now: Instant): { at: Instant; why: string }[] {
  const { alert: name, labels = {}, by = "operator" } = act;
  const meant = board
    .alerts()
    .filter(
      (alert) =>
        alert.alertname === name &&
        alert.state !== "resolved" &&
        Object.entries(labels).every(([label, value]) => alert.labels[label] === value),
    );
  if (meant.length === 0) return [{ at: now, why: `no alert ${name} is open` }];
  return meant.flatMap((alert) => {
    const outcome: Outcome<Step> =
      act.do === "acknowledge" ? acknowledge(alert, by, now) : resolveByHand(alert, by, "in the scenario", now);
    if (outcome.accepted) board.act(outcome.value, now);
    return outcome.accepted ? [] : [{ at: now, why: outcome.problem.message }];
  });
}
