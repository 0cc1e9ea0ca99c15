import type { EventType } from "@omoios/contracts/events";
import type { Context } from "@omoios/kernel/context";
import type { TaskId } from "@omoios/kernel/ids";
import type { IdempotentRequest } from "./idempotency.ts";
import type { Row, RowKind, RowOf } from "./rows.ts";

/** The context of a verb that a request or message started; with a key, its commit seals the request's row. */
export interface RequestContext extends Context {
  readonly idempotency?: IdempotentRequest;
}

/**
 * An event to ride in the item that it belongs to. `data` brings only what the row does not hold (at most a few words: an event
 * takes at most 200 bytes); the relay takes the rest from the row's image.
 */
export interface EventDraft {
  type: EventType;
  data?: Record<string, unknown>;
  /** Which member of `data` is a text of any length: of it goes what the event and the item have room for, with `…` where it was cut. */
  fits?: string;
}

/**
 * One row's change. Without `before` the row is made, and must not exist; without `after` it is removed; with both, the attributes
 * that differ are written under the version that was read. `commit` raises the version itself.
 */
export type Change = { [K in RowKind]: ChangeOf<K> }[RowKind];

export interface ChangeOf<K extends RowKind> {
  kind: K;
  before?: RowOf<K>;
  after?: RowOf<K>;
  events?: readonly EventDraft[];
  /** Makes the row whether or not it exists: for rows whose id follows from what they say. */
  overwrite?: boolean;
  /** Makes the row also in the place of one that is past its `ttl`, which reads as gone long before it is. */
  renews?: boolean;
}

/** Something that must hold for the whole transaction, of a row that it does not change. */
export interface Guard<K extends RowKind = RowKind> {
  kind: K;
  row: RowOf<K>;
}

/**
 * One dependency less before a task, whatever else changed about the task since it was read: hundreds may end in one moment, and must
 * not wait for each other's versions. Only while another one is left; the last is taken away by a change that makes the task ready.
 */
export interface Lowered {
  task_id: TaskId;
  /** A note of the dependency lies beside the task from then on. */
  has_notes: boolean;
}

export interface CommitOptions {
  guards?: readonly Guard[];
  lowers?: Lowered;
  /** What a repeated request with the same idempotency key reads again: an id, or what the route's replay understands. */
  made?: string;
}

/**
 * Rows of a room above that go into the transaction of a change, decided anew at each try from what the change was and makes. What it
 * throws keeps the change from being written. `made` is as in `CommitOptions`.
 */
export type Beside<T> = (before: T, after: T) => Promise<{ changes: readonly Change[]; made: string }>;

/** A change that nothing goes with. */
export function alone(made: string): Beside<unknown> {
  return async () => ({ changes: [], made });
}

/** The row changed since it was read, or is there already. The verb loads and decides again. */
export class Stale extends Error {
  readonly row: string;

  constructor(row: string) {
    super(`Changed since it was read: ${row}`);
    this.row = row;
    this.name = "Stale";
  }
}

/**
 * The one door for change: one conditional write, a transaction where several rows change (at most 100), each with its own events.
 * Throws `Stale` when a condition fails; a conflict between transactions is tried again inside.
 * Returns the rows as they stand after the write, in the order of the changes.
 */
export type Commit = (ctx: RequestContext, changes: readonly Change[], options?: CommitOptions) => Promise<Row[]>;

/** How often a verb loads and decides again before it answers that the row is too busy. */
export const DECIDE_TRIES = 8;
