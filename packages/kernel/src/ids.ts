import type { Brand } from "./brand.ts";
import type { Random } from "./random.ts";

/** Every kind of thing that has an id, with the prefix that its ids carry. Secrets (`omoi_sk_`, `omoi_rk_`) never share one. */
export const ID_PREFIX = {
  ticket: "ticket_",
  task: "task_",
  agent: "agent_",
  artifact: "artifact_",
  batch: "batch_",
  deadLetter: "dead_",
  apiKey: "key_",
  message: "msg_",
  alert: "alert_",
  notification: "ntf_",
  silence: "silence_",
  remediation: "remediation_",
  intervention: "guard_",
  request: "req_",
} as const;

export type IdKind = keyof typeof ID_PREFIX;
export type Id<K extends IdKind> = Brand<K>;
export type TicketId = Id<"ticket">;
export type TaskId = Id<"task">;
export type AgentId = Id<"agent">;
export type ApiKeyId = Id<"apiKey">;
export type MessageId = Id<"message">;
export type AlertId = Id<"alert">;
export type NotificationId = Id<"notification">;
export type SilenceId = Id<"silence">;
export type RemediationId = Id<"remediation">;
export type InterventionId = Id<"intervention">;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BODY_LENGTH = 20;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BODY = new RegExp(`^[${ALPHABET}]{${BODY_LENGTH}}$`);

/** A new id: prefix and 100 random bits, lower-case base 32 without i, l, o, u. An agent's is a UUID v4, as its registration promises. */
export function newId<K extends IdKind>(kind: K, random: Random): Id<K> {
  return `${ID_PREFIX[kind]}${kind === "agent" ? uuidV4(random) : letters(random)}` as Id<K>;
}

/** An id that follows from a digest of what it stands for (32 bytes), so that the same thing made twice is made once. */
export function derivedId<K extends Exclude<IdKind, "agent">>(kind: K, digest: Uint8Array): Id<K> {
  const body = Array.from(digest.subarray(0, BODY_LENGTH), (byte) => ALPHABET[byte & 31]).join("");
  return `${ID_PREFIX[kind]}${body}` as Id<K>;
}

/** Whether the text has the shape of an id of that kind. It says nothing about whether the thing exists. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const prefix = ID_PREFIX[kind];
  if (!text.startsWith(prefix)) return false;
  return (kind === "agent" ? UUID : BODY).test(text.slice(prefix.length));
}

function letters(random: Random): string {
  return Array.from({ length: BODY_LENGTH }, () => ALPHABET[Math.floor(random() * 32)]).join("");
}

function uuidV4(random: Random): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
