import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { AlertId, NotificationId } from "@omoios/kernel/ids";
import type { Commit } from "../commit.ts";
import type { Page, PageOptions, Store, Timers } from "../store.ts";
import type { LogEntry } from "./log.ts";
import type { Routing } from "./routing.ts";

/** One try to deliver a notification. */
export interface Try {
  notification_id: NotificationId;
  receiver: string;
  at: Instant;
  /** From 1. */
  attempt: number;
  /** `refused` and `gave_up` are dead letters; `superseded` was not tried any more, as something else is to be said by now, or nothing. */
  outcome: "delivered" | "retried" | "refused" | "gave_up" | "superseded";
  detail: string;
  /** When the next one is made. */
  next_at?: Instant | undefined;
}

/** Where the decisions about alerts are kept for reading. Nothing decides by them. */
export interface AlertLog {
  /** Keeps lines until a time to live in seconds; the same line twice is one. */
  write(entries: readonly LogEntry[], ttl: number): Promise<void>;
  /** An alert's lines in their order, or the newest first. */
  ofAlert(alert_id: AlertId, options: PageOptions): Promise<Page<LogEntry>>;
  /** Keeps a try until a time to live in seconds. */
  writeTry(made: Try, ttl: number): Promise<void>;
  /** The tries of a notification in their order. */
  triesOf(notification_id: NotificationId): Promise<Try[]>;
}

/** What the verbs of this room work with. */
export interface AlertParts {
  store: Store;
  commit: Commit;
  timers: Timers;
  log: AlertLog;
  routing: Routing;
  /** Where the plane is reached, without a slash at its end. */
  external_url: () => string;
  limits: Pick<Limits, "retention_days">;
}
