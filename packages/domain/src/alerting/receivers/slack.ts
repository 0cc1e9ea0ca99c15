import type { Notification } from "@omoios/contracts/shapes/alert";
import { shortened } from "@omoios/kernel/cut-text";
import type { ReceiverOf } from "../routing-config.ts";
import type { Build, HttpPayload } from "./payload.ts";
import { headline, summaryOf, worstOf } from "./wording.ts";

/** What Slack takes: characters of a header and of a section. */
const LONGEST_HEADER = 150;
const LONGEST_SECTION = 3_000;
/** Alerts that are listed; the others are counted. */
const MOST_LINES = 20;

/** A message of Block Kit for an incoming webhook. */
export const slack: Build<ReceiverOf<"slack">, HttpPayload> = ({ url = "" }, { notification }) => {
  const text = headline(notification);
  const message = {
    text: whole(shortened(escaped(text), LONGEST_SECTION)),
    blocks: [
      { type: "header", text: { type: "plain_text", text: shortened(text, LONGEST_HEADER) } },
      ...linesOf(notification).map((line) => ({ type: "section", text: { type: "mrkdwn", text: line } })),
      { type: "context", elements: [{ type: "mrkdwn", text: footOf(notification) }] },
    ],
  };
  return { kind: "http", url, headers: { "content-type": "application/json" }, body: JSON.stringify(message) };
};

function linesOf(notification: Notification): string[] {
  const { alerts, truncatedAlerts } = notification;
  const shown = alerts.slice(0, MOST_LINES).map((alert) => {
    const runbook = alert.annotations.runbook_url;
    const link = runbook === undefined ? "" : ` <${escaped(runbook)}|runbook>`;
    const about = whole(shortened(escaped(summaryOf(alert, notification)), LONGEST_SECTION / 2));
    return `*${alert.status}* ${about}${link.length < LONGEST_SECTION / 3 ? link : ""}`;
  });
  const more = alerts.length - shown.length + truncatedAlerts;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

function footOf(notification: Notification): string {
  const { receiver, externalURL, alerts } = notification;
  const since = alerts[0]?.startsAt ?? "";
  const where = externalURL === "" ? "" : ` · <${escaped(externalURL)}|OmoiOS>`;
  return shortened(`${worstOf(notification)} · since ${since} · ${escaped(receiver)}${where}`, LONGEST_SECTION);
}

/** Without the beginning of an escape at which the text was cut. */
const whole = (text: string) => text.replace(/&[a-z]{0,3}…$/, "…");

/** Slack gives these three a meaning of their own. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
