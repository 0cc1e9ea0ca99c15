import type { Envelope } from "@omoios/contracts/events";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Bringer } from "../alerting/bringer.ts";
import { allMatch, matchersOf } from "../alerting/matcher.ts";
import { isRecord } from "../config/same.ts";
import type { Policy, Trigger } from "./policy.ts";

/** Why a policy acts. */
export interface Cue {
  /** What it acts on once: an occurrence of an alert, or an event. */
  cause: string;
  /** What it is called by in a reason. */
  title: string;
  labels: Labels;
  /** Who brought the alert from outside, or had the watchdog hand the case on. */
  brought_by?: Bringer | undefined;
}

/** What of an event a policy looks at. */
type Heard = Pick<Envelope, "id" | "type" | "data">;

/** A policy made ready: whether and why it acts on an event. */
export function triggersOf({
  enabled,
  triggers,
}: Pick<Policy, "enabled" | "triggers">): (event: Heard) => Cue | undefined {
  const ready = triggers.map((trigger) => ({ trigger, matchers: matchersOf(trigger.matchers) }));
  return (event) => {
    const cue = cueOf(event);
    const names = ({ alert, event: type }: Trigger) =>
      alert === undefined ? type === event.type : alert === cue.alert;
    const fires = ready.some(({ trigger, matchers }) => names(trigger) && allMatch(matchers, cue.labels));
    return enabled && fires ? cue : undefined;
  };
}

/** An alert is its labels; any other event the members of its data that are a word or a number. */
function cueOf(event: Heard): Cue & { alert?: string } {
  const { data, type, id } = event;
  const labels = labelsOf(data);
  const brought_by = data.brought_by as Bringer | undefined;
  if (type !== "monitor.alert.triggered") return { cause: id, title: type, labels, brought_by };
  const said = { ...labelsOf(data.labels), ...labels };
  // The event says as `rule_id` what the alert is called, and cut; the label is its whole name. No other label stands for what the event says.
  const alert = said.alertname ?? labels.rule_id ?? "";
  return {
    ...{ cause: said.alert_id ?? id, title: `the alert ${alert}`, labels: said, alert },
    brought_by,
  };
}

function labelsOf(data: unknown): Labels {
  if (!isRecord(data)) return {};
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [[name, String(value)]]
        : [],
    ),
  );
}
