import { systemSleep } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { expiryInDays } from "@omoios/domain/expiry";
import { toRfc3339 } from "@omoios/kernel/clock";
import { systemContext } from "@omoios/kernel/context";
import { type NotificationId, newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import type { Plane } from "@omoios/local/plane";
import { tablesClient } from "./table-content.ts";

/** Writes what stays of a notification that a receiver refused: where no time passes, none is sent. It tells of an end. */
export async function undeliveredOn(
  plane: Plane,
  receiver: string,
): Promise<{ name: string; notification_id: NotificationId }> {
  const now = Date.now();
  const tables = { client: tablesClient(plane), ...plane.places.tables, sleep: systemSleep };
  const notification_id = newId("notification", systemRandom);
  const labels = { alertname: "disk_full", severity: "warning" };
  const at = toRfc3339(now);
  const line = { labels, annotations: {}, startsAt: at, endsAt: at, fingerprint: "0123456789abcdef" };
  const notification = {
    version: "4" as const,
    groupKey: `{}:{test="${notification_id}"}`,
    truncatedAlerts: 0,
    status: "resolved" as const,
    receiver,
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: plane.url,
    alerts: [{ ...line, status: "resolved" as const, generatorURL: `${plane.url}/api/v1/alerts/alert_none` }],
  };
  const why = "changed" as const;
  const notice = { notification_id, receiver, at: now, why, thread: "t", first: false, notification, fresh: [] };
  const after = {
    version: 0,
    notification_id,
    receiver,
    status: "open" as const,
    at: now,
    outcome: "refused" as const,
    detail: "answered 400",
    tries: 1,
    since: now,
    notice,
    ttl: expiryInDays(now, 1),
  };
  await commitTo(tables, 1)(systemContext("test", now, systemRandom), [{ kind: "undelivered", after }]);
  return { name: receiver, notification_id };
}
