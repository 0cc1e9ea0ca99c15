import type { Notification } from "@omoios/contracts/shapes/alert";
import { shortened } from "@omoios/kernel/cut-text";
import type { ReceiverOf } from "../routing-config.ts";
import type { Build, MailPayload } from "./payload.ts";
import { headline, summaryOf, worstOf } from "./wording.ts";

const LONGEST_SUBJECT = 200;

/**
 * A mail. All mails of a group's life are one thread: each refers to an id that stands for the thread, and from the second on to the first
 * mail's. SES gives mails ids of its own, so that the first mail's alone would lead nowhere.
 */
export const email: Build<ReceiverOf<"email">, MailPayload> = ({ to = [] }, notice) => {
  const { notification, thread, first, notification_id } = notice;
  const [whole, opening] = [idOf(thread), idOf(`${thread}.1`)];
  const headers: Record<string, string> = first
    ? { "Message-ID": opening, References: whole }
    : { "Message-ID": idOf(notification_id), "In-Reply-To": opening, References: `${whole} ${opening}` };
  const subject = shortened(headline(notification).replace(/\s+/g, " "), LONGEST_SUBJECT);
  return { kind: "mail", to, subject, text: textOf(notification), html: htmlOf(notification), headers };
};

const idOf = (name: string) => `<${name}@alerts.omoios>`;

interface Line {
  text: string;
  link: string;
}

function linesOf(notification: Notification): Line[] {
  return notification.alerts.map((alert) => {
    const ended = alert.status === "resolved" ? `, until ${alert.endsAt}` : "";
    const about = summaryOf(alert, notification);
    return { text: `${alert.status}: ${about} (since ${alert.startsAt}${ended})`, link: alert.generatorURL };
  });
}

const moreOf = ({ truncatedAlerts }: Notification) => (truncatedAlerts === 0 ? [] : [`and ${truncatedAlerts} more`]);

function textOf(notification: Notification): string {
  const lines = linesOf(notification).map(({ text, link }) => `- ${text}\n  ${link}`);
  const runbook = notification.commonAnnotations.runbook_url;
  const end = runbook === undefined ? [] : ["", `Runbook: ${runbook}`];
  return [
    `${headline(notification)}, ${worstOf(notification)}`,
    "",
    ...lines,
    ...moreOf(notification),
    ...end,
    "",
  ].join("\n");
}

function htmlOf(notification: Notification): string {
  const items = linesOf(notification).map(({ text, link }) => `<li>${linked(text, link)}</li>`);
  const more = moreOf(notification).map((text) => `<li>${escaped(text)}</li>`);
  const runbook = notification.commonAnnotations.runbook_url;
  const end = runbook === undefined ? "" : `<p>${linked("Runbook", runbook)}</p>`;
  const head = `<p><strong>${escaped(headline(notification))}</strong>, ${worstOf(notification)}</p>`;
  return `${head}<ul>${[...items, ...more].join("")}</ul>${end}`;
}

/** Only what leads to a page becomes a link: annotations are written by others. */
const linked = (text: string, url: string) =>
  /^https?:\/\//.test(url) ? `<a href="${escaped(url)}">${escaped(text)}</a>` : escaped(text);

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
