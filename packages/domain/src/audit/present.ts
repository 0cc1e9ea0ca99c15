import type { Envelope } from "@omoios/contracts/events";
import type { AuditEntry } from "@omoios/contracts/views/audit";
import type { StoredEntry } from "./model.ts";

/** Members of an event's data in which somebody gave a reason. */
const REASONS = [
  "revert_reason",
  "reason",
  "why",
  "cause",
  "cancel_reason",
  "blocked_reason",
  "note",
  "comment",
] as const;

export function auditEntry({ event: text, before, hash, prev_hash }: StoredEntry): AuditEntry {
  const event = JSON.parse(text) as Envelope;
  const reason = REASONS.map((name) => event.data[name]).find((value) => typeof value === "string");
  return {
    id: event.id,
    at: event.time,
    who: { kind: event.actor.kind, id: event.actor.id },
    authority: event.actor.authority,
    what: event.type,
    subject: event.subject,
    before: before === undefined ? null : (JSON.parse(before) as Record<string, unknown>),
    after: event.data,
    ...(typeof reason === "string" ? { reason } : {}),
    request_id: event.correlation_id,
    hash,
    prev_hash,
  };
}
