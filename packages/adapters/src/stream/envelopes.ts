import { type Envelope, EVENT_SOURCE, events, isEventType } from "@omoios/contracts/events";
import { DUE_KINDS, type DueKind, type TimerMessage } from "@omoios/contracts/jobs";
import type { Entry } from "@omoios/domain/audit/model";
import { same } from "@omoios/domain/config/same";
import { toRfc3339 } from "@omoios/kernel/clock";
import { dueOf } from "../dynamodb/due.ts";
import { unpackEvents } from "../dynamodb/out.ts";
import { type Item, kindOf } from "../dynamodb/rows.ts";

/** Which attribute of a row names the subject of its events. */
const SUBJECT_ID = {
  ticket: "ticket_id",
  task: "task_id",
  agent: "agent_id",
  channel: "channel",
  key: "key_id",
} as const;

/** The events that ride in an item, each with what its data said before the change. Throws on an item or event that it does not know. */
export function entriesOf(item: Item, old: Item): Entry[] {
  return envelopesOf(item).map((event) => {
    if (old.pk === undefined) return { event };
    const changed = Object.keys(event.data).filter(
      (name) => name !== "version" && old[name] !== undefined && !same(old[name], event.data[name]),
    );
    return { event, before: Object.fromEntries(changed.map((name) => [name, old[name]])) };
  });
}

/** The envelopes of the events that ride in an item. Throws on an item or event that it does not know. */
export function envelopesOf(item: Item): Envelope[] {
  if (typeof item.out !== "string") return [];
  const kind = kindOf(item);
  if (kind === undefined) throw new Error(`An item of no known kind carries events: ${String(item.pk)}`);
  const { at, events: drafts, ...shared } = unpackEvents(item.out);
  return drafts.map(({ type, data }, n) => {
    if (!isEventType(type)) throw new Error(`No such event: ${type}`);
    const row = events[type];
    const id = row.subject in SUBJECT_ID ? item[SUBJECT_ID[row.subject as keyof typeof SUBJECT_ID]] : row.subject;
    const members = Object.keys(row.data().shape).filter((name) => item[name] !== undefined);
    return {
      // A row that speaks for another subject (a dead letter for its task) names itself, or ids would collide.
      id: `${kind === row.subject || kind === "api_key" ? id : idOf(item)}#${item.version}#${n}`,
      type,
      version: row.version,
      time: toRfc3339(at),
      source: EVENT_SOURCE,
      subject: { kind: row.subject, id: String(id) },
      ...shared,
      data: { ...Object.fromEntries(members.map((name) => [name, item[name]])), ...data },
    };
  });
}

/**
 * The message that wakes the item when it is due, if it waits for a moment. A task whose moment only stands behind an event (its end,
 * its dependencies' end) gets none: the event does the work, and the sweep looks after it.
 */
export function timerOf(item: Item): TimerMessage | undefined {
  const kind = kindOf(item);
  if (item.due_at === undefined || !DUE_KINDS.includes(kind as DueKind)) return undefined;
  if (item.settling === true || item.checking === true) return undefined;
  if (typeof item.out !== "string") return dueOf(item);
  const { correlation_id, traceparent } = unpackEvents(item.out);
  return { ...dueOf(item), cause: { correlation_id, ...(traceparent === null ? {} : { traceparent }) } };
}

/** Rows of one partition have versions of their own, so that the sort key is part of the name. */
function idOf(item: Item): string {
  const pk = String(item.pk);
  const id = pk.slice(pk.indexOf("#") + 1);
  return kindOf(item) === "agent_profile" ? `${id}.${String(item.sk)}` : id;
}
