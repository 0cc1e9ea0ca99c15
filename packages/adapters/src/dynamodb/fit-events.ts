import type { Change, EventDraft, RequestContext } from "@omoios/domain/commit";
import type { Row } from "@omoios/domain/rows";
import { cutToBytes } from "@omoios/kernel/cut-text";
import { HOT_ROW_BYTES, itemBytes } from "./item-size.ts";
import { MAX_EVENT_BYTES, packEvents } from "./out.ts";
import { itemOf } from "./rows.ts";

const CUT = "…";

/** The events of a change. A text of any length among them is cut to what the event and the item have room for; without room it is left out. */
export function fittedEvents(ctx: RequestContext, change: Change): readonly EventDraft[] | undefined {
  const { kind, after, events } = change as { kind: Change["kind"]; after?: Row; events?: readonly EventDraft[] };
  if (after === undefined || !events?.some(({ fits }) => fits !== undefined)) return events;
  const out = packEvents(
    ctx,
    events.map((event) => withText(event, "")),
  );
  const room = HOT_ROW_BYTES - itemBytes({ ...itemOf(kind, after as never, ctx.now), out });
  return events.map((event) => fitted(event, room));
}

function fitted(event: EventDraft, itemRoom: number): EventDraft {
  const { data = {}, fits } = event;
  if (fits === undefined) return event;
  const text = String(data[fits]);
  const room = Math.min(itemRoom, MAX_EVENT_BYTES - Buffer.byteLength(JSON.stringify(withText(event, "").data)));
  if (cutToBytes(text, room) === text) return event;
  const cut = cutToBytes(text, room - Buffer.byteLength(CUT)).trimEnd();
  return withText(event, cut === "" ? undefined : cut + CUT);
}

/** The event with another text in the place of its own. */
function withText(event: EventDraft, text: string | undefined): EventDraft {
  return event.fits === undefined ? event : { ...event, data: { ...event.data, [event.fits]: text } };
}
