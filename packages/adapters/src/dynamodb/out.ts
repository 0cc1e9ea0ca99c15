import type { EventType } from "@omoios/contracts/events";
import type { EventDraft, RequestContext } from "@omoios/domain/commit";
import type { Instant } from "@omoios/kernel/clock";
import type { Actor } from "@omoios/kernel/principal";

/** The events of one write as they ride in the item: one string, what they share said once. */
interface Packed {
  /** When. */
  w: Instant;
  /** Actor: kind, id, authority. */
  a: [Actor["kind"], string, Actor["authority"]];
  /** Correlation. */
  c: string;
  /** Causation. */
  u?: string;
  /** Trace parent. */
  t?: string;
  /** Events: type, and data that the row lacks. */
  e: [EventType, Record<string, unknown>?][];
}

export interface Unpacked {
  at: Instant;
  actor: Actor;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string | null;
  events: { type: string; data: Record<string, unknown> }[];
}

/** An event rides in at most so many bytes. */
export const MAX_EVENT_BYTES = 200;

export function packEvents(ctx: RequestContext, events: readonly EventDraft[] | undefined): string | undefined {
  if (events === undefined || events.length === 0) return undefined;
  const packed: Packed = {
    w: ctx.now,
    a: [ctx.actor.kind, ctx.actor.id, ctx.actor.authority],
    c: ctx.correlation_id,
    ...(ctx.causation_id === undefined ? {} : { u: ctx.causation_id }),
    ...(ctx.traceparent === undefined ? {} : { t: ctx.traceparent }),
    e: events.map(({ type, data }) => {
      if (data !== undefined && Buffer.byteLength(JSON.stringify(data)) > MAX_EVENT_BYTES)
        throw new Error(`The data of ${type} is over ${MAX_EVENT_BYTES} bytes`);
      return data === undefined ? [type] : [type, data];
    }),
  };
  return JSON.stringify(packed);
}

/** Reads what `packEvents` wrote. Throws on anything else. */
export function unpackEvents(out: string): Unpacked {
  const packed = JSON.parse(out) as Packed;
  const [kind, id, authority] = packed.a;
  return {
    at: packed.w,
    actor: { kind, id, authority },
    correlation_id: packed.c,
    causation_id: packed.u ?? null,
    traceparent: packed.t ?? null,
    events: packed.e.map(([type, data]) => ({ type, data: data ?? {} })),
  };
}
