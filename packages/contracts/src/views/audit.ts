import * as z from "zod";
import { authority } from "../shapes/access.ts";
import { time } from "../shapes/common.ts";

const hash = z.string();

/** What happened: a change (its event is its entry), or a refusal. */
export const auditEntry = z.object({
  /** The event's id. */
  id: z.string(),
  at: time,
  who: z.object({ kind: z.string(), id: z.string() }),
  authority,
  /** An event type, or `access.refused`. */
  what: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  /** Of what `after` says, what it said before; null where something was made. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()),
  reason: z.string().optional(),
  /** The request, or whatever else everything of one cause is joined by. */
  request_id: z.string(),
  hash,
  prev_hash: hash,
});

export type AuditEntry = z.infer<typeof auditEntry>;

const storedEntry = z.strictObject({
  event: z.string(),
  before: z.string().optional(),
  /** The page in which it stands: chain#number. */
  page: z.string(),
  hash,
  prev_hash: hash,
});

/** A line of the audit as it is exported, for whoever verifies it: chains of pages, and the roots that seal them. */
export const auditRecord = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("begin"),
    stage: z.string(),
    /** What is older may be gone; 0 where nothing may be, since `after` says what was before. */
    kept_since: z.int(),
    kid: z.string(),
    /** Of a part of a series: the root that the part before ended with, and where the chains stood then. */
    after: z.strictObject({ root: z.int(), hash, chains: z.array(z.tuple([z.string(), z.int(), hash])) }).optional(),
    hash,
  }),
  z.strictObject({
    kind: z.literal("root"),
    n: z.int(),
    sealed_at: z.int(),
    heads: z.string(),
    kid: z.string(),
    prev: z.string(),
    prev_at: z.int(),
    ttl: z.int(),
    hash,
  }),
  z.strictObject({
    kind: z.literal("page"),
    of: z.enum(["events", "refusals"]),
    order: z.string(),
    chain: z.string(),
    n: z.int(),
    kid: z.string(),
    keys: z.array(z.string()),
    prev: z.string(),
    prev_at: z.int(),
    hash,
    /** Null where an entry is gone. */
    entries: z.array(storedEntry.nullable()),
  }),
  z.strictObject({ kind: z.literal("end"), last_root: z.int(), last_page: z.string(), kid: z.string(), hash }),
]);

export type AuditRecord = z.infer<typeof auditRecord>;

export const auditKey = z.object({ kid: z.string(), secret: z.string() });
