import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import type { Page, PageOptions } from "./store.ts";

/** What is read of the log against its order, or of a subject: back to or from a moment on. */
interface LogOptions extends PageOptions {
  from?: Instant | undefined;
}

/** The event log, as the API shows it. */
export interface EventLog {
  /** A subject's events by their time, oldest first unless asked otherwise. */
  ofSubject(subject: string, options: LogOptions): Promise<Page<Envelope>>;
  /** What was logged, newest first. */
  newest(options: Omit<LogOptions, "newest_first">): Promise<Page<Envelope>>;
  /** A cursor for `after` that stands at a moment. */
  cursorAt(moment: Instant, subject?: string): string;
  /**
   * What was logged after the cursor, in the order of logging, or about a subject: that begins with its events by their time. A page may
   * be empty while there is more; where there is nothing new its cursor stands still. Throws `request.cursor_invalid`.
   */
  after(
    cursor: string | undefined,
    limit: number,
    now: Instant,
    subject?: string,
  ): Promise<{ rows: Envelope[]; cursor: string; more: boolean }>;
}
