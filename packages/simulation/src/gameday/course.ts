import type { Envelope } from "@omoios/contracts/events";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import { readTraceparent } from "@omoios/kernel/trace-context";
import type { Lost } from "./actors/crew.ts";
import type { FaultSpan } from "./faults-of.ts";
import type { ProbeName } from "./game-day-shape.ts";

/** What happened in a run. Times are in milliseconds from its begin. */
export interface Course {
  /** Why it went no further: the hypothesis did not hold, or somebody broke it off. */
  stopped: "hypothesis" | "broken_off" | undefined;
  /** When the first and the last fault came; `undefined` where there was none. */
  faults: FaultSpan | undefined;
  ended_ms: number;
  /** In the order of their times, each once. */
  events: readonly PlaneEvent[];
  /** Tries to tell somebody. */
  told: readonly Telling[];
  /** What agents held that were killed or muted. */
  lost: readonly (Omit<Lost, "at"> & { at_ms: number })[];
  /** Right before the first fault, and at the end. */
  probes: { before: Probes; after: Probes };
  /** Errors that no fault explains. */
  errors: readonly string[];
}

export type Probes = Readonly<Record<ProbeName, number>>;

export interface PlaneEvent {
  at_ms: number;
  /** Of the row that it is of: what that row said later has a higher one. */
  version: number;
  type: string;
  subject_id: string;
  trace_id: string | undefined;
  data: Envelope["data"];
}

/** One try to tell a receiver of a group of alerts. */
export interface Telling {
  at_ms: number;
  receiver: string;
  /** Whether it was taken. */
  taken: boolean;
  /** What was said to the try: `answers 503`. */
  answer: string;
  status: "firing" | "resolved";
  /** Of how many alerts, and what they are called, each name once. */
  count: number;
  alertnames: readonly string[];
  /** Of what led to it, where that is known. */
  trace_id: string | undefined;
}

const planeEvent = ({ id, type, time, subject, traceparent, data }: Envelope, begun_at: Instant): PlaneEvent => ({
  at_ms: (fromRfc3339(time) ?? begun_at) - begun_at,
  version: Number(id.split("#").at(-2)),
  type,
  subject_id: subject.id,
  trace_id: readTraceparent(traceparent ?? undefined)?.trace_id,
  data,
});

/** Events in the order of their times; of one row in the order of its changes. */
export const planeEvents = (events: Iterable<Envelope>, begun_at: Instant): PlaneEvent[] =>
  Array.from(events, (event) => planeEvent(event, begun_at)).sort((a, b) => a.at_ms - b.at_ms || a.version - b.version);

/** One time that an alert fired. */
export interface Firing {
  alert_id: string;
  alertname: string;
  labels: Readonly<Record<string, string>>;
  at_ms: number;
  acknowledged_ms: number | undefined;
  resolved_ms: number | undefined;
  trace_id: string | undefined;
}

/** The times that alerts fired, each occurrence once. One that was reopened stands open. */
export function firingsOf(events: readonly PlaneEvent[]): Firing[] {
  const firings = new Map<string, Firing>();
  for (const { type, data, at_ms, trace_id } of events) {
    const alert_id = String(data.alert_id);
    const known = firings.get(alert_id);
    if (type === "monitor.alert.triggered") {
      firings.set(alert_id, {
        alert_id,
        alertname: String(data.rule_id),
        labels: data.labels as Firing["labels"],
        at_ms: known?.at_ms ?? at_ms,
        acknowledged_ms: known?.acknowledged_ms,
        resolved_ms: undefined,
        trace_id: known?.trace_id ?? trace_id,
      });
    } else if (known !== undefined && type === "monitor.alert.acknowledged")
      firings.set(alert_id, { ...known, acknowledged_ms: at_ms });
    else if (known !== undefined && type === "monitor.alert.resolved")
      firings.set(alert_id, { ...known, resolved_ms: at_ms });
  }
  return [...firings.values()];
}
