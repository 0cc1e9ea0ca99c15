import type { Envelope, EventType } from "@omoios/contracts/events";
import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import { fromRfc3339 } from "@omoios/kernel/clock";
import type { AlertSignal } from "../signal.ts";

interface SourceEvent {
  severity: Severity;
  /** Members of its data that tell one alert from another. Where it has labels of a series, those do too. */
  labels: readonly string[];
  /** So does what its `target` is: `agent_id`, `phase_id`, or nothing for the plane. */
  of_target?: true;
  summary: string | ((data: Envelope["data"]) => string);
  /** Members of its data that are shown with the summary. */
  shown?: readonly string[];
  /** What was measured. */
  measured?(data: Envelope["data"]): Pick<AlertSignal, "metric_name" | "value" | "threshold">;
  /** The event that ends it, where there is one: it then lasts until that comes. Of `handled` a person says that it is over. */
  until?: EventType | "handled";
  /** Which of these events are alerts, where not all are. Those are also where a rule judges the metric of the event's name, as it counts the others. */
  only?(data: Envelope["data"]): boolean;
}

/** Events that are alerts, each by its name with underscores. */
const SOURCES: Readonly<Partial<Record<EventType, SourceEvent>>> = {
  "monitor.mass_silence": {
    severity: "critical",
    labels: [],
    summary: "Too many agents are silent at once for it to be their own failure",
    until: "monitor.mass_silence.cleared",
  },
  "agent.heartbeat.missed": { severity: "warning", labels: ["agent_id"], summary: "An agent misses its heartbeats" },
  "agent.registration_failed": {
    severity: "warning",
    labels: ["agent_id"],
    summary: "An agent registered and never sent its first heartbeat",
  },
  "task.stuck": {
    severity: "warning",
    // Who held it is forgotten by the time that it is stuck no more.
    labels: ["task_id", "ticket_id", "phase_id"],
    summary: "A task is held without progress",
    shown: ["agent_id"],
    until: "task.unstuck",
  },
  "ticket.blocked": {
    severity: "warning",
    // A blocked ticket may change its phase.
    labels: ["ticket_id"],
    summary: "A ticket is blocked",
    until: "ticket.unblocked",
  },
  "watchdog.remediation.started": {
    severity: "info",
    labels: ["policy"],
    of_target: true,
    summary: ({ action, policy }) => `The watchdog repairs something: ${action} by ${policy}`,
    until: "watchdog.remediation.completed",
  },
  "watchdog.escalation": {
    severity: "critical",
    labels: ["policy"],
    of_target: true,
    summary: ({ target, why }) => `${nameOf(target)} is handed on: ${why}`,
    shown: ["remediation_id", "agent_status"],
    until: "handled",
    only: ({ asked }) => asked === true,
  },
  "guardian.intervention.refused": {
    severity: "error",
    labels: ["policy", "action"],
    summary: "A policy of the guardian could not do what it is for",
    shown: ["reason"],
  },
  "monitor.anomaly.detected": {
    severity: "warning",
    labels: ["metric_name"],
    summary: ({ metric_name, observed, baseline }) =>
      `A series behaves unlike itself: ${metric_name} is ${observed}, and ${baseline} was to be expected`,
    shown: ["kind", "baseline", "observed", "deviation_percent"],
    measured: anomalyFigures,
    until: "monitor.anomaly.cleared",
  },
};

const ENDINGS = new Map(
  Object.entries(SOURCES).flatMap(([type, { until }]) =>
    until === undefined || until === "handled" ? [] : [[until, type as EventType]],
  ),
);

/** What the alert of an event that nothing ends lasts, unless it comes again. */
const ENDS_AFTER_MS = 3_600_000;

/** The types of events that alerts are made of, and those that end them. */
export const ALERTING_EVENTS: readonly EventType[] = [...(Object.keys(SOURCES) as EventType[]), ...ENDINGS.keys()];

/** What an event of the plane says; `undefined` where it is the source of no alert. */
export function eventSignal(event: Envelope): AlertSignal | undefined {
  const begun = ENDINGS.get(event.type as EventType);
  const type = begun ?? (event.type as EventType);
  const source = SOURCES[type];
  const at = fromRfc3339(event.time);
  if (source === undefined || at === undefined || (begun !== undefined && goesOn(event))) return undefined;
  if (source.only?.(event.data) === false) return undefined;
  return {
    alertname: type.replaceAll(".", "_"),
    labels: {
      ...seriesLabels(event),
      ...textsOf(event, source.labels),
      ...(source.of_target ? targetLabels(event) : {}),
    },
    status: begun === undefined ? "firing" : "resolved",
    severity: severityOf(event) ?? source.severity,
    annotations: { summary: summaryOf(source, event), ...shownOf(event, source.shown ?? []) },
    ...source.measured?.(event.data),
    at,
    routing: [],
    deduplication_window_ms: 0,
    // What another event ends holds until then: resolved by hand, it comes back.
    ...(source.until === undefined ? { ends_at: at + ENDS_AFTER_MS, once: true } : {}),
    ...(source.until === "handled" ? { once: true } : {}),
  };
}

/** Whether a rule that judges the metric of the event's name tells of it, so that it need be no alert beside that rule's. */
export const isJudgedByItsMetric = ({ type }: Envelope): boolean => SOURCES[type as EventType]?.only === undefined;

/** An anomaly is over, and its series has another one, found in the same moment or before: their alert is one. */
const goesOn = ({ data }: Envelope): boolean => typeof data.others_open === "number" && data.others_open > 0;

const summaryOf = ({ summary }: SourceEvent, { data }: Envelope) =>
  typeof summary === "string" ? summary : summary(data);

function textsOf({ data }: Pick<Envelope, "data">, names: readonly string[]): Labels {
  const given = names.flatMap((name) => (typeof data[name] === "string" ? [[name, data[name]]] : []));
  return Object.fromEntries(given);
}

function shownOf({ data }: Envelope, names: readonly string[]): Record<string, string> {
  const given = names.flatMap((name) => {
    const value = data[name];
    return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(given);
}

/** What was observed; where it breached a rule's bound, that is the anomaly's baseline. */
function anomalyFigures({ metric_name, kind, observed, baseline }: Envelope["data"]) {
  return {
    ...(typeof metric_name === "string" ? { metric_name } : {}),
    ...(typeof observed === "number" ? { value: observed } : {}),
    ...(kind === "threshold_breach" && typeof baseline === "number" ? { threshold: baseline } : {}),
  };
}

/** Series differ by any of their labels: two queues of one phase by their priority. */
function seriesLabels({ data }: Envelope): Labels {
  const labels = Object(data.labels) as Record<string, unknown>;
  return textsOf({ data: labels }, Object.keys(labels));
}

const nameOf = (target: unknown): string => {
  const { kind, id } = Object(target) as Record<string, unknown>;
  return kind === "plane" ? "the plane" : `${kind} ${id}`;
};

function targetLabels({ data }: Envelope): Labels {
  const { kind, id } = Object(data.target) as Record<string, unknown>;
  return (kind === "agent" || kind === "phase") && typeof id === "string" ? { [`${kind}_id`]: id } : {};
}

/** An anomaly says how severe it is. */
function severityOf({ data }: Envelope): Severity | undefined {
  const { severity } = data;
  return severity === "info" || severity === "warning" || severity === "error" || severity === "critical"
    ? severity
    : undefined;
}
