import { durationMs } from "@omoios/contracts/shapes/duration";
import { type Course, type Firing, firingsOf } from "./course.ts";
import type { GameDay } from "./game-day-file.ts";
import type { Expectation, GameDayFile } from "./game-day-shape.ts";

/** What became of one thing that was expected. */
export interface Finding {
  expected: string;
  holds: boolean;
  /** What was seen, in a few words. */
  seen: string;
  /** When it was well again, where it is about that, in milliseconds from the begin. */
  repaired_ms?: number | undefined;
}

/** Holds a course against what its game day expects, and the hypothesis. */
export function judge({ hypothesis, expect }: GameDay, course: Course): Finding[] {
  const before = hypothesis.map((one) => judgeProbe(one, course.probes.before, "before the first fault"));
  if (course.stopped === "hypothesis") return [...before, ...judgeErrors(course)];
  const known = { course, firings: firingsOf(course.events), since: course.faults?.last_ms ?? 0 };
  return [...before, ...expect.map((one) => judgeOne(one, known)), ...judgeEnd(course), ...judgeErrors(course)];
}

/** What must hold where nothing was broken: nobody is told of anything, and nothing fires. */
export function judgeCalm({ hypothesis }: GameDay, course: Course): Finding[] {
  const told = course.told.length;
  return [
    { expected: "nobody is told of anything", holds: told === 0, seen: `${counted(told, "notification")}` },
    ...hypothesis.map((one) => judgeProbe(one, course.probes.after, "at the end")),
    ...judgeEnd(course),
    ...judgeErrors(course),
  ];
}

interface Known {
  course: Course;
  firings: readonly Firing[];
  /** From when `within` counts. */
  since: number;
}

function judgeOne(one: Expectation, known: Known): Finding {
  if ("alert" in one) return judgeAlert(one, known);
  if ("remediation" in one) return judgeRemediation(one, known);
  if ("task" in one) return judgeReassigned(one, known);
  if ("resolved" in one) return judgeResolved(one, known);
  if ("notifications" in one) return judgeNotifications(one, known);
  return judgeProbe(one, known.course.probes.after, "at the end");
}

type Of<K extends string> = Extract<Expectation, Record<K, unknown>>;

function judgeAlert({ alert, labels = {}, within, times }: Of<"alert">, { course, firings, since }: Known): Finding {
  const asked = Object.entries(labels);
  const found = firings.filter(
    (firing) => firing.alertname === alert && asked.every(([name, text]) => firing.labels[name] === text),
  );
  const begun = course.faults?.first_ms ?? 0;
  const first = found.find(({ at_ms }) => at_ms >= begun);
  const often = times === undefined ? found.length > 0 : found.length === times;
  const early = found.length > 0 && first === undefined;
  const timely = times === 0 || (!early && isWithin(first?.at_ms, within, since));
  return {
    expected: `${alert} fires${often_(times)}${within_(within)}`,
    holds: often && timely,
    seen: found.length === 0 ? "it did not fire" : `it fired ${counted(found.length, "time")}, at ${secondsOf(found)}`,
  };
}

function judgeRemediation({ remediation, outcome, within }: Of<"remediation">, { course, since }: Known): Finding {
  const ends = course.events.filter(
    ({ type, data }) => type === "watchdog.remediation.completed" && data.policy === remediation,
  );
  const met = ends.find(({ data }) => data.outcome === outcome);
  const started = course.events.some(
    ({ type, data }) => type === "watchdog.remediation.started" && data.policy === remediation,
  );
  const other = ends.map(({ data, at_ms }) => `${String(data.outcome)} at ${at_ms / 1000} s`).join(", ");
  return {
    expected: `${remediation} ends as ${outcome}${within_(within)}`,
    holds: isWithin(met?.at_ms, within, since),
    seen: other === "" ? (started ? "it began, and did not end" : "it did not begin") : other,
    repaired_ms: met?.at_ms,
  };
}

function judgeReassigned({ within }: Of<"task">, { course, since }: Known): Finding {
  // An agent whose last answer did not reach it took for held what the plane had counted as done.
  const isDone = ({ task_id, agent_id }: { task_id: string; agent_id: string }) =>
    course.events.some(
      ({ type, data }) => type === "task.completed" && data.task_id === task_id && data.agent_id === agent_id,
    );
  const held = course.lost.filter((one) => !isDone(one));
  const taken = held.map(({ task_id, agent_id, at_ms }) =>
    course.events.find(
      (event) =>
        event.type === "task.started" &&
        event.data.task_id === task_id &&
        event.data.agent_id !== agent_id &&
        event.at_ms >= at_ms,
    ),
  );
  const times = taken.map((event) => event?.at_ms);
  const last = Math.max(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  const again = times.filter((at) => at !== undefined).length;
  return {
    expected: `what was held is taken by others${within_(within)}`,
    holds: taken.length > 0 && times.every((at) => isWithin(at, within, since)),
    seen: taken.length === 0 ? "no task was held" : `${again} of ${counted(taken.length, "task")} changed hands`,
    repaired_ms: last,
  };
}

function judgeResolved({ within }: Of<"resolved">, { firings, since }: Known): Finding {
  const open = firings.filter(({ resolved_ms }) => !isWithin(resolved_ms, within, since));
  const last = Math.max(...firings.map(({ resolved_ms }) => resolved_ms ?? Number.POSITIVE_INFINITY));
  const named = [...new Set(open.map(({ alertname }) => alertname))].join(", ");
  return {
    expected: `all alerts are over${within_(within)}`,
    holds: firings.length > 0 && open.length === 0,
    seen:
      firings.length === 0
        ? "nothing fired"
        : open.length === 0
          ? `${counted(firings.length, "alert")}, the last one over at ${last / 1000} s`
          : `${counted(open.length, "alert")} of ${firings.length} not: ${named}`,
    repaired_ms: last,
  };
}

function judgeNotifications({ notifications, within }: Of<"notifications">, { course, since }: Known): Finding {
  const taken = course.told.filter(
    ({ taken, at_ms }) => taken && (within === undefined || at_ms <= since + durationMs(within)),
  );
  const countOf = (name: string): number =>
    taken.filter(({ receiver, status }) =>
      name === "resolved" ? status === "resolved" : receiver === name && status === "firing",
    ).length;
  const wanted = Object.entries(notifications);
  return {
    expected: `told: ${wanted.map(([name, count]) => `${name} ${count}`).join(", ")}${within_(within)}`,
    holds: wanted.every(([name, count]) => countOf(name) === count),
    seen: wanted.map(([name]) => `${name} ${countOf(name)}`).join(", "),
  };
}

function judgeProbe({ probe, is }: GameDayFile["hypothesis"][number], probes: Course["probes"]["after"], when: string) {
  const seen = probes[probe];
  return { expected: `${probe} is ${is} ${when}`, holds: seen === is, seen: String(seen) };
}

const judgeEnd = ({ stopped, ended_ms }: Course): Finding[] =>
  stopped === "broken_off"
    ? [
        {
          expected: "it goes on to its end",
          holds: false,
          seen: `it was broken off at ${Math.round(ended_ms / 1000)} s`,
        },
      ]
    : [];

/** An error of the plane itself is never expected. */
const judgeErrors = ({ errors }: Course): Finding[] =>
  errors.map((error) => ({ expected: "no error", holds: false, seen: error.split("\n")[0] ?? error }));

const isWithin = (at: number | undefined, within: string | undefined, since: number): boolean =>
  at !== undefined && (within === undefined || at - since <= durationMs(within));

const within_ = (within: string | undefined): string => (within === undefined ? "" : ` within ${within}`);
const often_ = (times: number | undefined): string => (times === undefined ? "" : ` ${counted(times, "time")}`);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const secondsOf = (firings: readonly Firing[]): string =>
  firings
    .slice(0, 5)
    .map(({ at_ms }) => `${Math.round(at_ms / 1000)} s`)
    .join(", ");
