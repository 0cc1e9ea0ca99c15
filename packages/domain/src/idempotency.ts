import type { Instant } from "@omoios/kernel/clock";

/** A request that carries an `Idempotency-Key`, as its row knows it. */
export interface IdempotentRequest {
  /** Hash of principal and key: the row's identity. */
  id: string;
  route: string;
  body_hash: string;
  /** Set by the commit that sealed the row. A request that succeeds without one changed nothing, and its mark is let go. */
  sealed?: boolean;
}

export type IdempotencyState =
  /** Nobody has used the key: the request runs, and `commit` seals the row in the transaction of its change. */
  | { state: "fresh" }
  /** The request was done: `made` names what it made, for the route to read again. */
  | { state: "done"; made: string }
  | { state: "running"; retry_after_ms: number }
  | { state: "reused" };

/** Keeps requests with a key for as long as `idempotency_hours` says. */
export interface IdempotencyStore {
  /** Marks the request as running, unless its key was used. A mark left by a process that died lapses. */
  begin(request: IdempotentRequest, now: Instant): Promise<IdempotencyState>;
  /** Keeps the answer of a request whose change is many writes, behind the last of them. A mark that lapsed meanwhile stays as it is. */
  keep(request: IdempotentRequest, answer: string, now: Instant): Promise<void>;
  /** Forgets the mark of a request that was refused and changed nothing. */
  abandon(request: IdempotentRequest): Promise<void>;
}
