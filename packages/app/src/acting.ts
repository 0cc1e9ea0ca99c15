import type { Envelope } from "@omoios/contracts/events";
import type { RequestContext } from "@omoios/domain/commit";
import { type Context, systemContext } from "@omoios/kernel/context";
import { currentScope } from "./observe/scope.ts";
import type { Rooms } from "./rooms.ts";

/** As whom, and as part of what, the plane acts by itself. */
export function actingOf({ clock, random }: Pick<Rooms, "clock" | "random">) {
  const acting = (part: string, from: Partial<Context> = {}): RequestContext =>
    systemContext(part, clock.now(), random, { ...currentScope()?.context, ...from });
  return {
    acting,
    /** As what follows from an event. */
    after(part: string, event: Envelope): RequestContext {
      const { correlation_id, id: causation_id } = event;
      // In a scope, its own span stands between the event and what follows.
      const traceparent = currentScope()?.context.traceparent ?? event.traceparent;
      return acting(part, { correlation_id, causation_id, ...(traceparent === null ? {} : { traceparent }) });
    },
  };
}
