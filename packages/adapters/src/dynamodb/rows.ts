import type { Row, RowKind, RowOf } from "@omoios/domain/rows";
import type { KeyOf } from "@omoios/domain/store";
import type { Instant } from "@omoios/kernel/clock";
import { entities } from "./entities/registry.ts";

/** Shards of each bucket of the due index, so that no bucket is one hot partition. */
export const DUE_SHARDS = 4;
/** Minutes of a bucket of the due index. A sweep reads whole buckets up to its moment: the longer they are, the fewer it asks. */
export const DUE_BUCKET_MINUTES = 60;

export type Item = Record<string, unknown>;
export type Key = { pk: string; sk: string };

const MINUTE_MS = 60_000;
/** Every item carries the number of its schema; readers accept the last two. */
const SCHEMA = "1";

/** The table key of a row, or of what would identify one. */
export function keyOf<K extends RowKind>(kind: K, key: KeyOf<K> | RowOf<K>): Key {
  const { pk, sk } = entities[kind];
  const attributes = key as Readonly<Record<string, unknown>>;
  return { pk: pk.fill(attributes), sk: sk.fill(attributes) };
}

/** The partition of a kind's rows, and what their sort keys begin with. */
export function partitionOf<K extends RowKind>(kind: K, key: Partial<KeyOf<K>>): { pk: string; prefix: string } {
  const { pk, sk } = entities[kind];
  const attributes = key as Readonly<Record<string, unknown>>;
  return { pk: pk.fill(attributes), prefix: sk.prefix(attributes) };
}

/** A row as its item says it, without the marks and derived attributes; `undefined` for an item of another kind. */
export function rowOf<K extends RowKind>(kind: K, item: Item | undefined): RowOf<K> | undefined {
  if (item === undefined || item.__edb_e__ !== kind) return undefined;
  const {
    pk: _pk,
    sk: _sk,
    __edb_e__: _e,
    __edb_v__: _v,
    out: _o,
    due_bucket: _d,
    list: _l,
    list_at: _a,
    ...row
  } = item;
  return row as unknown as RowOf<K>;
}

/** The kind that an item is marked with, if it is one of ours. */
export function kindOf(item: Item): RowKind | undefined {
  const mark = item.__edb_e__;
  return typeof mark === "string" && Object.hasOwn(entities, mark) ? (mark as RowKind) : undefined;
}

/** A whole new item: attributes, keys, sparse indexes, and the marks by which ElectroDB knows its own. */
export function itemOf<K extends RowKind>(kind: K, row: RowOf<K>, now: Instant): Item {
  return {
    ...defined({ ...row, ...listed(kind, row), ...dueBucket(kind, row, now) }),
    ...keyOf(kind, row),
    __edb_e__: kind,
    __edb_v__: SCHEMA,
  };
}

/** The list that a row stands in, if any. */
export function listed(kind: RowKind, row: Row): { list?: string; list_at?: string } {
  const entry = listEntry(kind, row as unknown as Record<string, unknown>);
  return entry === undefined ? {} : { list: entry[0], list_at: entry[1] };
}

function listEntry(kind: RowKind, row: Record<string, unknown>): [string, string] | undefined {
  const order = (at: unknown, id: unknown) => `${String(at).padStart(15, "0")}#${String(id)}`;
  switch (kind) {
    case "ticket":
      return [
        `tickets#${row.status === "open" || row.status === "pending_review" ? "open" : "ended"}`,
        order(row.created_at, row.ticket_id),
      ];
    case "agent_profile":
      return ["agents", order(row.registered_at, row.agent_id)];
    case "agent":
      if (row.status === "FAILED") return ["agents#failed", String(row.agent_id)];
      return row.status === "IDLE" || row.status === "DEGRADED"
        ? [`class#${String(row.class_id)}`, String(row.agent_id)]
        : undefined;
    case "agent_delivery":
      return ["push", String(row.agent_id)];
    case "dead_letter":
      return [`dead_letters#${String(row.status)}`, order(row.at, row.dead_letter_id)];
    case "alert": {
      // Of one that never began, only the end was heard.
      const began_at = row.fired_at ?? row.pending_at;
      if (began_at === undefined) return undefined;
      return [`alerts#${row.state === "resolved" ? "resolved" : "active"}`, order(began_at, row.alert_id)];
    }
    case "alert_occurrence": {
      const past = row.past as Record<string, unknown> | undefined;
      return past && ["alerts#past", order(past.fired_at ?? past.pending_at, row.alert_id)];
    }
    case "alert_delivery":
      return [`deliveries#${String(row.receiver)}`, String(row.delivery_id)];
    case "undelivered":
      return [`undelivered#${String(row.status)}#${String(row.receiver)}`, order(row.at, row.notification_id)];
    case "anomaly":
      return ["anomalies", order(row.at, row.anomaly_id)];
    case "remediation":
      return [`remediations#${row.status === "ended" ? "ended" : "open"}`, order(row.opened_at, row.remediation_id)];
    case "intervention":
      return ["interventions", order(row.at, row.action_id)];
    case "api_key":
      return ["api_keys", order(row.created_at, row.key_id)];
    default:
      return undefined;
  }
}

/** Where a due row stands: in the bucket of its moment, or in this moment's if it is due already, so that no swept bucket is written to. */
export function dueBucket(kind: RowKind, row: Row, now: Instant): { due_bucket?: string } {
  const due = (row as { due_at?: Instant }).due_at;
  if (due === undefined) return {};
  return { due_bucket: bucketName(Math.floor(Math.max(due, now) / MINUTE_MS), shardOf(keyOf(kind, row as never).pk)) };
}

/** The bucket of any of its minutes. */
export function bucketName(minute: number, shard: number): string {
  return `${minute - (minute % DUE_BUCKET_MINUTES)}#${shard}`;
}

function shardOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum % DUE_SHARDS;
}

function defined(attributes: Item): Item {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
