import type { ApiParts } from "@omoios/app/api-parts";
import { newId } from "@omoios/kernel/ids";
import type { Actor } from "@omoios/kernel/principal";
import type { Step } from "../call.ts";
import { continueTrace } from "../trace.ts";

/** Who acts until a principal is known: nobody with a say. */
const NOBODY: Actor = { kind: "system", id: "api", authority: "WORKER" };
const REQUEST_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** A correlation id rides in every event that follows, so that it is kept short. */
const CORRELATION_ID = /^[A-Za-z0-9._:/+=@-]{1,64}$/;

/** Gives the request its id, its correlation id, its trace and its time, and answers `X-Request-Id`. */
export function requestContext({ clock, random }: Pick<ApiParts, "clock" | "random">): Step {
  return async (c, next) => {
    const request_id = wellFormed(REQUEST_ID, c.req.header("x-request-id")) ?? newId("request", random);
    const correlation_id =
      wellFormed(CORRELATION_ID, c.req.header("x-correlation-id")) ??
      wellFormed(CORRELATION_ID, request_id) ??
      newId("request", random);
    c.header("X-Request-Id", request_id);
    c.set("call", {
      now: clock.now(),
      actor: NOBODY,
      random,
      request_id,
      correlation_id,
      traceparent: continueTrace(c.req.header("traceparent"), random),
      principal: undefined,
      bearer: undefined,
      if_match: undefined,
      idempotency_key: undefined,
    });
    await next();
  };
}

const wellFormed = (shape: RegExp, text: string | undefined): string | undefined =>
  text !== undefined && shape.test(text) ? text : undefined;
