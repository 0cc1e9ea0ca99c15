import type { Labels, Notification } from "@omoios/contracts/shapes/alert";
import { durationMs } from "@omoios/contracts/shapes/duration";
import type { ExpectedNotification, RehearsalFile } from "./rehearsal-shape.ts";

/** A notification, so long after the start. */
export interface Told {
  receiver: string;
  status: Notification["status"];
  at_ms: number;
  /** The labels of each alert in it. */
  alerts: Labels[];
}

export interface Verdict {
  missing: ExpectedNotification[];
  /** What nobody expected, where nothing else was allowed. */
  unexpected: Told[];
}

/** Gives each expectation a notification of its own, as many as can have one. */
export function compare(told: readonly Told[], { notifications, nothing_else }: RehearsalFile["expect"]): Verdict {
  /** The expectation that a notification answers. */
  const answers = new Map<Told, ExpectedNotification>();
  const give = (wanted: ExpectedNotification, asked: Set<Told>): boolean =>
    told.some((one) => {
      if (asked.has(one) || !fits(one, wanted)) return false;
      asked.add(one);
      const other = answers.get(one);
      // Whoever has it may do with another one.
      if (other !== undefined && !give(other, asked)) return false;
      answers.set(one, wanted);
      return true;
    });
  const missing = notifications.filter((wanted) => !give(wanted, new Set()));
  return { missing, unexpected: nothing_else ? told.filter((one) => !answers.has(one)) : [] };
}

function fits({ receiver, status, at_ms, alerts }: Told, wanted: ExpectedNotification): boolean {
  const { between, alert, labels = {} } = wanted;
  if (receiver !== wanted.receiver || status !== wanted.status) return false;
  if (between !== undefined && (at_ms < durationMs(between[0]) || at_ms > durationMs(between[1]))) return false;
  const asked = Object.entries({ ...labels, ...(alert === undefined ? {} : { alertname: alert }) });
  return alerts.some((own) => asked.every(([name, value]) => (own[name] ?? "") === value));
}
