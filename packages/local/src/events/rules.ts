import { consumers } from "@omoios/contracts/consumers";
import { forwards } from "@omoios/contracts/forwards";
import type { DefaultBusRow, QueueName } from "@omoios/contracts/topology-types";
import { messageText } from "@omoios/kernel/message-text";
import { compilePattern, type EventTest } from "./pattern.ts";

/** An event as rules see it and targets receive it. */
export interface BusEvent {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  /** RFC 3339, to the second. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export interface Rule {
  name: string;
  accepts: EventTest;
  queue: QueueName;
  /** The message's body for an event. */
  body(event: BusEvent): string;
}

/** The topology's rules: whole events for the consumers, parts of events for the forwards. */
export function topologyRules(): Rule[] {
  return [
    ...consumers.map((row) => rule(row.name, row.events, row.name, whole)),
    ...forwards.map((row) => rule(row.name, row.events, row.queue, transformer(row.message))),
  ];
}

/** Rules on the account's default bus. */
export const defaultBusRules = (rows: readonly DefaultBusRow[]): Rule[] =>
  rows.map(({ name, source, event, detail, queue }) => ({
    name,
    accepts: compilePattern({ source: [source], "detail-type": [event], detail }),
    queue,
    body: whole,
  }));

const whole: Rule["body"] = (event) => messageText(event);

function rule(name: string, events: readonly string[], queue: QueueName, body: Rule["body"]): Rule {
  return { name, accepts: compilePattern({ "detail-type": [...events] }), queue, body };
}

/**
 * An input transformer: each member takes the value at its JSON path. A path that leads nowhere makes an empty string, and numbers
 * stay numbers, as EventBridge does it.
 */
function transformer(message: Readonly<Record<string, string>>): Rule["body"] {
  const paths = Object.entries(message).map(([member, path]) => [member, segments(path)] as const);
  return (event) =>
    messageText(Object.fromEntries(paths.map(([member, path]) => [member, valueAt(event, path) ?? ""])));
}

function segments(path: string): string[] {
  if (!/^\$(\.[\w-]+)+$/.test(path)) throw new Error(`The JSON path ${path} of a forward must look like $.detail.id`);
  return path.split(".").slice(1);
}

function valueAt(event: unknown, path: string[]): unknown {
  let node = event;
  for (const name of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return node;
}
