import { common, type Notice } from "./notice.ts";

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
  const owed = waiting.notification.alerts.filter(
    ({ status, fingerprint }) => status === "resolved" && !now.has(fingerprint),
  );
  const alerts = [...kept, ...owed];
  if (alerts.length === 0) return undefined;
  const firing = new Set(alerts.filter(({ status }) => status === "firing").map(({ fingerprint }) => fingerprint));
  return {
    ...next,
    first: waiting.first,
    notification: {
      ...next.notification,
      status: firing.size > 0 ? "firing" : "resolved",
      commonLabels: common(alerts.map(({ labels }) => labels)),
      commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
      alerts,
    },
    fresh: [...new Set([...waiting.fresh, ...next.fresh])].filter((fingerprint) => firing.has(fingerprint)),
  };
}
