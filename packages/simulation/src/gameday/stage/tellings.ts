import type { RouteReply } from "@omoios/contracts/routes";
import { inTurn } from "@omoios/domain/in-turn";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";
import type { Firing, Telling } from "../course.ts";

type Delivery = RouteReply<"listAlertDeliveries">["items"][number];

/** A notification, by the alerts that were sent in it. */
interface Notified {
  firing: boolean;
  alertnames: string[];
  tries: Delivery["tries"];
}

/** Alerts that are asked about at a time. */
const TOGETHER = 10;

/** Whom the stage told of these alerts since then, by its own delivery log. */
export async function tellingsOf(operator: Client, firings: readonly Firing[], begun_at: Instant): Promise<Telling[]> {
  const notified = new Map<string, Notified>();
  const ask = async ({ alert_id, alertname }: Firing) => {
    const request = { params: { alert_id }, query: { limit: 100 } };
    for await (const { notification_id, why, tries } of paginate(operator, "listAlertDeliveries", request)) {
      const known = notified.get(notification_id) ?? { firing: false, alertnames: [], tries };
      const firing = known.firing || why.startsWith("firing ");
      notified.set(notification_id, { ...known, firing, alertnames: [...known.alertnames, alertname] });
    }
  };
  await inTurn(firings, ask, TOGETHER);
  return [...notified.values()]
    .flatMap((each) => each.tries.map((one) => tellingOf(each, one, begun_at)))
    .filter(({ at_ms }) => at_ms >= 0)
    .sort((a, b) => a.at_ms - b.at_ms);
}

const tellingOf = (
  { firing, alertnames }: Notified,
  { receiver, at, outcome, detail }: Delivery["tries"][number],
  begun_at: Instant,
): Telling => ({
  at_ms: (fromRfc3339(at) ?? begun_at) - begun_at,
  receiver,
  taken: outcome === "delivered",
  answer: detail,
  status: firing ? "firing" : "resolved",
  count: alertnames.length,
  alertnames: [...new Set(alertnames)],
  trace_id: undefined,
});
