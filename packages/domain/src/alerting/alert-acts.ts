import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import { type Alert, isFiring } from "./alert.ts";
import { ended, reopened, type Step } from "./life.ts";

/** How long an acknowledgement holds. */
const ACKNOWLEDGED_MS = 30 * 60_000;
const EVALUATED_EVERY_MS = 60_000;

/** Somebody has taken it on. Said again, it holds anew. Refused where it does not fire. */
export function acknowledge(alert: Alert, principal: string, now: Instant, note = ""): Outcome<Step> {
  if (!isFiring(alert)) {
    return refused("alert.not_firing", { detail: `The alert is ${alert.state}.`, extra: { state: alert.state } });
  }
  const acknowledged = {
    by: principal,
    at: now,
    until: now + ACKNOWLEDGED_MS,
    severity: alert.worst,
    ...(note !== "" && { note }),
  };
  const why = `by ${principal}, until ${toRfc3339(acknowledged.until)}${note === "" ? "" : `: ${note}`}`;
  const entries = [{ alert_id: alert.alert_id, at: now, decision: "acknowledged" as const, why }];
  return accepted({ alert: { ...alert, state: "acknowledged", acknowledged }, entries });
}

/** Somebody says that it is over. While its condition holds it comes back with the next evaluation. */
export function resolveByHand(alert: Alert, principal: string, note: string, now: Instant): Outcome<Step> {
  if (alert.state === "resolved") {
    return refused("alert.not_firing", { detail: "The alert is resolved.", extra: { state: alert.state } });
  }
  return accepted(ended(alert, { by: "hand", principal, note }, now));
}

/** When something happens to it by itself: an acknowledgement lapses, its source has been silent too long, it comes back. */
export function alertDueAt(alert: Alert): Instant | undefined {
  const moments = [
    isFiring(alert) ? alert.acknowledged?.until : undefined,
    alert.state === "resolved" ? undefined : alert.ends_at,
    reopensAt(alert),
  ].filter((at) => at !== undefined);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** What happens to it by itself at this moment; `undefined` for nothing. */
export function alertDue(alert: Alert, now: Instant): Step | undefined {
  if (alert.state !== "resolved" && alert.ends_at !== undefined && alert.ends_at <= now) {
    return ended({ ...alert, heard: { at: alert.ends_at, status: "resolved" } }, { by: "timeout" }, alert.ends_at);
  }
  const reopens_at = reopensAt(alert);
  if (reopens_at !== undefined && reopens_at <= now) return reopened(alert, now);
  if (alert.state !== "acknowledged" || alert.acknowledged === undefined) return undefined;
  const { acknowledged, ...rest } = alert;
  if (acknowledged.until > now) return undefined;
  const why = `nobody resolved it since ${acknowledged.by} took it on`;
  const entries = [{ alert_id: alert.alert_id, at: now, decision: "acknowledgement_lapsed" as const, why }];
  return { alert: { ...rest, state: "firing" }, entries };
}

/** The first evaluation after a person resolved it while its source says that it fires. */
function reopensAt({ state, resolution, resolved_at, heard, once, ends_at }: Alert): Instant | undefined {
  const by_hand = state === "resolved" && resolution?.by === "hand";
  if (!by_hand || resolved_at === undefined || heard.status !== "firing" || once) return undefined;
  const at = (Math.floor(resolved_at / EVALUATED_EVERY_MS) + 1) * EVALUATED_EVERY_MS;
  return at < (ends_at ?? Number.POSITIVE_INFINITY) ? at : undefined;
}
