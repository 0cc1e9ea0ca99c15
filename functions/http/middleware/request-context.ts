import type { ApiParts } from "@omoios/app/api-parts";
import { observed } from "@omoios/app/observe/observed";
import { newId } from "@omoios/kernel/ids";
import type { Actor } from "@omoios/kernel/principal";
import type { Step } from "../call.ts";

/** Who acts until a principal is known: nobody with a say. */
const NOBODY: Actor = { kind: "system", id: "api", authority: "WORKER" };
const REQUEST_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** A correlation id rides in every event that follows, so that it is kept short. */
const CORRELATION_ID = /^[A-Za-z0-9._:/+=@-]{1,64}$/;

/** Gives the request its id, its correlation id, its trace and its time, answers `X-Request-Id`, and tells log and trace of it. */
export function requestContext({ clock, random }: Pick<ApiParts, "clock" | "random">): Step {
  return async (c, next) => {
    const request_id = wellFormed(REQUEST_ID, c.req.header("x-request-id")) ?? newId("request", random);
    const correlation_id =
      wellFormed(CORRELATION_ID, c.req.header("x-correlation-id")) ??
      wellFormed(CORRELATION_ID, request_id) ??
      newId("request", random);
    c.header("X-Request-Id", request_id);
    const from = { correlation_id, traceparent: c.req.header("traceparent") };
    const function_name = c.env?.function_name;
    await observed({ name: c.req.method, kind: "server", from, request_id, function_name }, async (scope) => {
      c.set("call", {
        now: clock.now(),
        actor: NOBODY,
        random,
        request_id,
        correlation_id,
        traceparent: scope.context.traceparent,
        principal: undefined,
        bearer: undefined,
        wants_text: false,
        if_match: undefined,
        idempotency_key: undefined,
      });
      await next();
      const { actor } = c.get("call");
      scope.name = c.get("route") ?? c.req.method;
      scope.told.status = c.res.status;
      if (actor.kind !== "agent") scope.told.actor_id = actor.id;
      if (c.res.status >= 500) scope.told.failed = true;
    });
  };
}

const wellFormed = (shape: RegExp, text: string | undefined): string | undefined =>
  text !== undefined && shape.test(text) ? text : undefined;
