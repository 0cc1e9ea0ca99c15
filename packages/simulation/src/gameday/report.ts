import { type Course, firingsOf } from "./course.ts";
import type { GameDay } from "./game-day-file.ts";
import { type Finding, judge, judgeCalm } from "./judge.ts";
import { type Line, timelineOf } from "./timeline.ts";
import type { WithoutPart } from "./without.ts";

/** How a game day went. Spans count from the first fault, and are null where what they measure did not come about. */
export interface Report {
  file: string;
  title: string;
  without: WithoutPart | null;
  passed: boolean;
  findings: Finding[];
  /** Until the first expected alert. */
  detected_ms: number | null;
  /** From the firing of the first one that somebody took on until then. */
  acknowledged_ms: number | null;
  /** Until all that was expected to be well again was so. */
  repaired_ms: number | null;
  /** Notifications of firing alerts that somebody took, and how many of them tell of nothing that was expected. */
  pages: number;
  false_pages: number;
  /** What leads from the first expected alert's cause to its repair. */
  trace_id: string | null;
  timeline: Line[];
}

export function reportOf(day: GameDay, course: Course, without: WithoutPart | undefined): Report {
  const findings = without === "faults" ? judgeCalm(day, course) : judge(day, course);
  const begun = course.faults?.first_ms ?? 0;
  const expected = new Set(day.expect.flatMap((one) => ("alert" in one && one.times !== 0 ? [one.alert] : [])));
  const fired = firingsOf(course.events).filter(({ alertname, at_ms }) => expected.has(alertname) && at_ms >= begun);
  const [first] = fired;
  const taken_on = fired.find(({ acknowledged_ms }) => acknowledged_ms !== undefined);
  const since = (at: number | undefined) => (at === undefined || !Number.isFinite(at) ? null : at - begun);
  const pages = course.told.filter(({ taken, status }) => taken && status === "firing");
  return {
    file: day.file,
    title: day.title,
    without: without ?? null,
    passed: findings.every(({ holds }) => holds),
    findings,
    detected_ms: since(first?.at_ms),
    acknowledged_ms: taken_on?.acknowledged_ms === undefined ? null : taken_on.acknowledged_ms - taken_on.at_ms,
    repaired_ms: since(repairedAt(findings)),
    pages: pages.length,
    false_pages: pages.filter(
      ({ at_ms, alertnames }) => at_ms < begun || !alertnames.some((alertname) => expected.has(alertname)),
    ).length,
    trace_id: first?.trace_id ?? null,
    timeline: timelineOf(day, course),
  };
}

/** When the last of them held; nothing where one does not. */
function repairedAt(findings: readonly Finding[]): number | undefined {
  const repairs = findings.filter((finding) => "repaired_ms" in finding);
  if (repairs.length === 0 || repairs.some(({ holds }) => !holds)) return undefined;
  return Math.max(...repairs.map(({ repaired_ms }) => repaired_ms ?? Number.POSITIVE_INFINITY));
}
