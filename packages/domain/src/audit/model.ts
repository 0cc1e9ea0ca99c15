import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";

/** What a page lists: events that the relay took from the stream, or refusals of the API. */
export type PageKind = "events" | "refusals";

/** Something to be kept: an event, and what its data said before. */
export interface Entry {
  event: Envelope;
  before?: Record<string, unknown> | undefined;
}

/** An entry as it is stored: its texts, and its place in the chain of whoever wrote it last. */
export interface StoredEntry {
  /** The event as JSON, byte for byte. */
  event: string;
  before?: string | undefined;
  /** The page in which it stands, by `nameOfPage`. Pages that listed it before it came again name it too, and it is not theirs. */
  page: string;
  hash: string;
  /** Of the entry before it in the chain; of the page before it where it is a page's first. */
  prev_hash: string;
}

/**
 * What one writer wrote at once, in its order: the index by which the log is followed, and a link of the writer's chain. Only one
 * writer at a time adds to a chain.
 */
export interface LogPage {
  of: PageKind;
  /** When it was listed, its chain and its number there: the order of the log. */
  order: string;
  chain: string;
  /** From 1. */
  n: number;
  /** Key of the hashes. */
  kid: string;
  /** Keys of its entries. */
  keys: string[];
  /** Hash of the chain's page before it; empty for the first. */
  prev: string;
  /** When that was listed; 0 for the first. */
  prev_at: Instant;
  hash: string;
}

/** What the chains had come to by a moment, chained itself: what it covers can neither be changed nor left out unseen. */
export interface AuditRootRow {
  version: number;
  /** From 1. */
  n: number;
  sealed_at: Instant;
  /** JSON: `[[chain, n, hash]]`. */
  heads: string;
  kid: string;
  /** Hash of the root before it; empty for the first. */
  prev: string;
  /** When that was sealed; 0 for the first. */
  prev_at: Instant;
  hash: string;
  ttl: number;
}

export type Head = [chain: string, n: number, hash: string];

export interface AuditKey {
  kid: string;
  secret: Uint8Array;
}

/** The keys of a stage's audit. */
export interface AuditKeys {
  newest(): Promise<AuditKey>;
  all(): Promise<AuditKey[]>;
}

/** Refusals of callers that nobody knows, by their problem, of one minute. */
export interface RefusalCount {
  minute: number;
  code: string;
  count: number;
}
