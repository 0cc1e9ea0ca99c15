import type { Envelope } from "@omoios/contracts/events";
import type { EventLog } from "@omoios/domain/event-log";
import { foreignCursor } from "@omoios/domain/foreign-cursor";
import { Problem } from "@omoios/kernel/problem";
import type { Verbs } from "../verbs.ts";

/** What answers the route of the event log. */
export function eventVerbs(log: EventLog): Pick<Verbs, "listEvents"> {
  return {
    async listEvents(ctx, { query: { limit, after, from: begin, subject, type, order } }) {
      const from = begin === undefined ? undefined : begin === "now" ? ctx.now : Date.parse(begin);
      const wanted = (event: Envelope) =>
        (type ?? event.type) === event.type && (from === undefined || Date.parse(event.time) >= from);
      if (order === "newest") {
        const options = { limit, cursor: after, from };
        const { rows, cursor } = await read(
          subject === undefined ? log.newest(options) : log.ofSubject(subject, { ...options, newest_first: true }),
        );
        return { items: rows.filter(wanted), next_cursor: cursor ?? null, more: cursor !== undefined };
      }
      const place = after ?? (from === undefined ? undefined : log.cursorAt(from, subject));
      const { rows, cursor, more } = await read(log.after(place, limit, ctx.now, subject));
      return { items: rows.filter(wanted), next_cursor: cursor, more };
    },
  };
}

/** The route calls its cursor `after`: it is refused under that name. */
function read<T>(page: Promise<T>): Promise<T> {
  return page.catch((error: unknown) => {
    throw error instanceof Problem && error.code === "request.cursor_invalid" ? foreignCursor(error, "after") : error;
  });
}
