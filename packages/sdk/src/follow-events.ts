import type { Envelope } from "@omoios/contracts/events";
import type { Client } from "./client.ts";
import { wait } from "./wait.ts";

export interface FollowOptions {
  /** Cursor of a page read before; the log is read from its beginning unless given. */
  after?: string;
  /** A time (RFC 3339), or `now`: where the reading begins without a cursor. */
  from?: string;
  type?: string;
  subject?: string;
  /** Pause between two looks at a log that has nothing new; 1,000 unless given. */
  poll_ms?: number;
  signal?: AbortSignal;
}

/** An event, and the cursor after which reading goes on if it stops here. */
export interface FollowedEvent {
  event: Envelope;
  /** Cursor of the page: events of one page share it, and are read again by who stops in the middle. */
  after: string | undefined;
}

/** So many ids are remembered, so that an event that the stream gave again behind the cursor is not yielded again. */
const REMEMBERED = 10_000;

/** Follows the event log without end, in the order of its writing, each event once. Ends when the signal is raised. */
export async function* followEvents(client: Client, options: FollowOptions = {}): AsyncGenerator<FollowedEvent, void> {
  const { poll_ms = 1_000, signal, type, subject, from } = options;
  let { after } = options;
  const call = signal === undefined ? {} : { signal };
  const seen = new Set<string>();
  const isNew = ({ id }: Envelope): boolean => {
    if (seen.has(id)) return false;
    const [oldest] = seen;
    if (seen.size === REMEMBERED && oldest !== undefined) seen.delete(oldest);
    seen.add(id);
    return true;
  };
  while (!signal?.aborted) {
    try {
      const place = after === undefined ? { from } : { after };
      const page = await client.listEvents({ query: { limit: 100, ...place, type, subject } }, call);
      for (const event of page.items) if (isNew(event)) yield { event, after };
      if (page.next_cursor !== null) after = page.next_cursor;
      if (!page.more) await wait(poll_ms, signal);
    } catch (failure) {
      if (!signal?.aborted) throw failure;
    }
  }
}
