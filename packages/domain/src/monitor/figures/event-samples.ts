import type { Envelope } from "@omoios/contracts/events";
import type { metrics } from "@omoios/contracts/metrics";
import type { Sample } from "@omoios/contracts/shapes/sample";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";

/**
 * What an event of the plane says of a series, as of its moment: that an agent missed beats or has failed, that a ticket is blocked or is
 * so no more. The sweep sees when it is over, and mends what came in another order.
 */
export function samplesOfEvent({ type, time, data }: Envelope): Sample[] {
  const sample = (metric_name: keyof typeof metrics, labels: Sample["labels"], value: number, timestamp = time) => ({
    metric_name,
    labels,
    value,
    timestamp,
  });
  if (type === "agent.heartbeat.missed") {
    const labels = { agent_id: String(data.agent_id) };
    const count = Number(data.count);
    // Several may be found in one moment, and a series has one value for each.
    const at = toRfc3339((fromRfc3339(time) ?? 0) + count);
    const missed = sample("agent.heartbeat.missed", labels, count, at);
    return data.status === "FAILED" ? [missed, sample("agent.status.unresponsive", labels, 1)] : [missed];
  }
  if (type !== "ticket.blocked" && type !== "ticket.unblocked") return [];
  const labels = { ticket_id: String(data.ticket_id) };
  const value = type === "ticket.blocked" ? 1 : 0;
  const blocked = sample("ticket.blocked", labels, value);
  return data.priority === "CRITICAL" ? [blocked, sample("ticket.blocked.critical", labels, value)] : [blocked];
}
