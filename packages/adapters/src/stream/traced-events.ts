import type { Envelope } from "@omoios/contracts/events";
import { readTraceparent } from "@omoios/kernel/trace-context";
import type { Span, Tracing } from "../telemetry/tracing.ts";

/** Events on their way to the bus, and how their spans end: as failed where the bus refused them, or nothing is known. */
interface TracedEvents {
  events: readonly Envelope[];
  end(refused: ReadonlySet<string> | undefined): void;
}

/**
 * Events as they go onto the bus: what is sampled goes under a span of its own. In the log they stand under the write that made them,
 * so that a second relay writes the same row.
 */
export function tracedEvents(events: readonly Envelope[], tracing: Tracing | undefined): TracedEvents {
  if (!tracing?.recording) return { events, end: () => undefined };
  const spans = new Map<string, Span>();
  const traced = events.map((event) => {
    const { type, id, subject } = event;
    const parent = event.traceparent ?? undefined;
    if (!readTraceparent(parent)?.sampled) return event;
    const attributes = { "messaging.message.id": id, [`omoi.${subject.kind}_id`]: subject.id };
    const span = tracing.start(`relay ${type}`, { kind: "producer", parent, attributes });
    spans.set(id, span);
    return { ...event, traceparent: span.traceparent };
  });
  const end = (refused: ReadonlySet<string> | undefined) => {
    for (const [id, span] of spans) span.end(refused?.has(id) === false ? {} : { error: true });
  };
  return { events: traced, end };
}
