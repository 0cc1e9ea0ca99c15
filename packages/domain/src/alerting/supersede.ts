import { bodyWith, type Notice } from "./notice.ts";

/**
 * What a receiver that could not be reached is owed once there is a newer notification of the same group: one that says how things stand
 * now. What began and ended while it was away is left out; the end of what it knew of is not. `undefined` where nothing is left to say.
 * @param waiting what has not been delivered
 */
export function supersede(waiting: Notice, next: Notice): Notice | undefined {
  const unheard = new Set(waiting.fresh);
  const told = next.notification.alerts;
  const now = new Set(told.map(({ fingerprint }) => fingerprint));
  const kept = told.filter(({ status, fingerprint }) => status === "firing" || !unheard.has(fingerprint));
  const ends = waiting.notification.alerts.filter(({ status }) => status === "resolved");
  const alerts = [...kept, ...ends.filter(({ fingerprint }) => !now.has(fingerprint))];
  if (alerts.length === 0) return undefined;
  const firing = new Set(alerts.filter(({ status }) => status === "firing").map(({ fingerprint }) => fingerprint));
  // Whose end has not been heard is known as firing, also where it began again.
  const known = new Set(ends.map(({ fingerprint }) => fingerprint));
  const begun = [...waiting.fresh, ...next.fresh.filter((fingerprint) => !known.has(fingerprint))];
  const fresh = [...new Set(begun)].filter((fingerprint) => firing.has(fingerprint));
  return { ...next, first: waiting.first, notification: bodyWith(next.notification, alerts, fresh), fresh };
}
