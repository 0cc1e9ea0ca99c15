import type { Instant } from "@omoios/kernel/clock";

/** What every row of the state table has. An attribute that is `undefined` is absent. */
export interface Versioned {
  /** Raised by each write, narrow ones too. 1 when the row is made; 0 marks a row that is about to be made. */
  version: number;
}

/** A row that waits for a moment. At most one moment at a time: the next at which something must happen to it. */
export interface MaybeDue {
  due_at?: Instant | undefined;
}

/** A row that leaves by itself. */
export interface MaybeExpiring {
  /** Seconds since the epoch. */
  ttl?: number | undefined;
}
