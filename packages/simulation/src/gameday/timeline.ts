import { type Course, firingsOf, type PlaneEvent } from "./course.ts";
import { beginsAt, isFault } from "./faults-of.ts";
import type { GameDay } from "./game-day-file.ts";
import type { Entry } from "./game-day-shape.ts";

/** A line of a report: what was done, what the plane said of it, who was told. */
export interface Line {
  at_ms: number;
  what: "act" | "fault" | "event" | "told";
  text: string;
  /** How often in a row. */
  times: number;
  trace_id: string | null;
}

const SHOWN =
  /^(monitor\.(alert|anomaly|mass_silence)|watchdog\.|agent\.(heartbeat\.missed|replacement_requested|status_changed)|task\.(stuck|dead_lettered))/;

export function timelineOf({ timeline }: GameDay, { stopped, ended_ms, events, told }: Course): Line[] {
  const names = new Map(firingsOf(events).map(({ alert_id, alertname }) => [alert_id, alertname]));
  const lines: Line[] = [
    ...timeline
      .filter((entry) => beginsAt(entry) <= ended_ms && !(stopped === "hypothesis" && isFault(entry)))
      .map((entry) => line(beginsAt(entry), isFault(entry) ? "fault" : "act", actText(entry), undefined)),
    ...events
      .filter(({ type, at_ms }) => SHOWN.test(type) && at_ms >= 0)
      .map((event) => line(event.at_ms, "event", eventText(event, names), event.trace_id)),
    ...told.map(({ at_ms, receiver, status, count, alertnames, taken, answer, trace_id }) => {
      const about = `${alertnames.join(", ")}${count > 1 ? ` (${count} alerts)` : ""}`;
      return line(at_ms, "told", `${receiver}: ${status} ${about}${taken ? "" : `, and ${answer}`}`, trace_id);
    }),
  ].sort((a, b) => a.at_ms - b.at_ms);
  return lines.reduce<Line[]>(joined, []);
}

const line = (at_ms: number, what: Line["what"], text: string, trace_id: string | undefined): Line => ({
  at_ms,
  what,
  text,
  times: 1,
  trace_id: trace_id ?? null,
});

/** What comes many times in a row is one line, of the first one's trace. */
function joined(lines: Line[], next: Line): Line[] {
  const last = lines.at(-1);
  if (last?.what === next.what && last.text === next.text) last.times++;
  else lines.push(next);
  return lines;
}

function actText(entry: Entry): string {
  const { do: name, at: _, ...more } = entry;
  return [name, ...Object.entries(more).map(([key, value]) => `${key} ${String(value)}`)].join(" ");
}

function eventText({ type, data }: PlaneEvent, names: ReadonlyMap<string, string>): string {
  if (type === "agent.status_changed" && data.from === "SPAWNING") return `${type} SPAWNING → ${String(data.to)}`;
  const alertname = names.get(String(data.alert_id));
  const metric = alertname === undefined ? [data.metric_name] : [];
  const about = [alertname, data.policy, data.action, data.outcome, ...metric, data.agent_name];
  const moved = typeof data.from === "string" ? [`${data.from} → ${String(data.to)}`] : [];
  const counted = typeof data.count === "number" ? [String(data.count)] : [];
  const named = about.filter((text) => typeof text === "string" && text !== "");
  return [type, ...new Set(named), ...moved, ...counted].join(" ");
}
