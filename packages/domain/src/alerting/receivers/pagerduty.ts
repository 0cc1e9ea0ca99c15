import { shortened } from "@omoios/kernel/cut-text";
import { shortDigest } from "../../digest.ts";
import type { ReceiverOf } from "../routing-config.ts";
import type { Build, HttpPayload } from "./payload.ts";
import { headline, summaryOf, worstOf } from "./wording.ts";

const URL = "https://events.pagerduty.com/v2/enqueue";
const LONGEST_SUMMARY = 1_024;
const LONGEST_SOURCE = 255;
const MOST_LINES = 50;

/** An event of the Events API, version 2. A group is one incident: its `dedup_key` opens it, brings it up to date and resolves it. */
export const pagerduty: Build<ReceiverOf<"pagerduty">, HttpPayload> = ({ routing_key = "" }, notice) => {
  const { notification } = notice;
  const key = { routing_key, dedup_key: shortDigest("incident", notification.groupKey) };
  const runbook = notification.commonAnnotations.runbook_url;
  const lines = notification.alerts
    .slice(0, MOST_LINES)
    .map((alert) => `${alert.status}: ${summaryOf(alert, notification)}`);
  const event = {
    ...key,
    event_action: notification.status === "firing" ? "trigger" : "resolve",
    client: "OmoiOS",
    ...(notification.externalURL === "" ? {} : { client_url: notification.externalURL }),
    ...(runbook === undefined ? {} : { links: [{ href: runbook, text: "Runbook" }] }),
    payload: {
      summary: shortened(headline(notification), LONGEST_SUMMARY),
      source: shortened(notification.commonLabels.agent_id || "omoios", LONGEST_SOURCE),
      severity: worstOf(notification),
      timestamp: notification.alerts[0]?.startsAt,
      group: shortened(notification.groupKey, LONGEST_SUMMARY),
      custom_details: { ...notification.commonLabels, alerts: lines, truncated: notification.truncatedAlerts },
    },
  };
  return { kind: "http", url: URL, headers: { "content-type": "application/json" }, body: JSON.stringify(event) };
};
