import { alertLogOn } from "@omoios/adapters/dynamodb/alert-log";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { receiverSlotsOn } from "@omoios/adapters/dynamodb/receiver-slots";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { DeliverParts } from "@omoios/domain/alerting/deliver";
import { routingOf } from "@omoios/domain/alerting/routing";
import { routingConfig } from "@omoios/domain/alerting/routing-config";
import { groupIdOf } from "@omoios/domain/alerting/rows";
import type { AlertSignal } from "@omoios/domain/alerting/signal";
import type { Instant } from "@omoios/kernel/clock";

const ROUTING = routingConfig.parse({
  receivers: [{ name: "desk", type: "email", to: ["desk@example.com"] }],
  route: { receiver: "desk", group_wait: "30s", group_interval: "5m" },
});

/** The group of all that `alertWord` says. */
export const SLOW_GROUP = groupIdOf('{}:{alertname="slow"}');

/** What alerting works with, over tables: one receiver, who is told after 30 s and then each 5 min. Nothing wakes what is due. */
export const alertParts = (tables: Tables, now: () => Instant): DeliverParts => ({
  store: storeOn(tables, { now }),
  commit: commitTo(tables, limits.idempotency_hours),
  timers: { set: async () => undefined },
  log: alertLogOn(tables),
  slots: receiverSlotsOn(tables),
  routing: routingOf(ROUTING),
  external_url: () => "",
  limits,
});

/** What a source says of one of many alerts that stand in one group. */
export const alertWord = (at: Instant, n: number, status: AlertSignal["status"] = "firing"): AlertSignal => ({
  alertname: "slow",
  labels: { agent_id: `a${n}` },
  status,
  severity: "warning",
  annotations: {},
  at,
  routing: [],
  deduplication_window_ms: 0,
});
