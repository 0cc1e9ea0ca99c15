import { createHash } from "node:crypto";
import type { ApiParts } from "@omoios/app/api-parts";
import type { CallContext, Replay } from "@omoios/app/verbs";
import type { RouteName } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import type { IdempotentRequest } from "@omoios/domain/idempotency";
import { assertNever, Problem } from "@omoios/kernel/problem";
import canonicalize from "canonicalize";
import type { Context } from "hono";
import type { ApiEnv, Step } from "../call.ts";
import { serviceFailure } from "../failures.ts";
import { reply } from "../reply.ts";

type Parts = Pick<ApiParts, "idempotency" | "replays" | "log">;

const KEY = /^[!-~]{1,200}$/;

/**
 * Lets a request with an `Idempotency-Key` run once: asked again, what it made is read again. On rows for agents alone (the claim) the
 * key goes through to the verb, which keeps it in the agent's own row.
 */
export function idempotency(parts: Parts, name: RouteName, row: Route): Step {
  return async (c, next) => {
    const key = row.idempotent ? keyOf(c.req.header("idempotency-key")) : undefined;
    if (key === undefined) return next();
    const call: CallContext = { ...c.get("call"), idempotency_key: key };
    c.set("call", call);
    if (call.principal === undefined || row.who.every((kind) => kind === "agent")) return next();

    const request = requestOf(c, call, name, key);
    const known = await parts.idempotency.begin(request, call.now);
    switch (known.state) {
      case "fresh":
        c.set("call", { ...call, idempotency: request });
        await next();
        if (row.idempotent === "answer" && c.error === undefined)
          return keepAnswer(parts, call, request, c.get("answer"));
        return forgetUnsealed(parts, call, request, c.error);
      case "done":
        return replayed(parts, c, name, row, known.made);
      case "running":
        throw new Problem("idempotency.in_progress", { extra: { retry_after_ms: known.retry_after_ms } });
      case "reused":
        throw new Problem("idempotency.key_reused");
      default:
        return assertNever(known);
    }
  };
}

function keyOf(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) return header;
  throw new Problem("request.invalid", {
    errors: [{ path: "Idempotency-Key", message: "must be 1 to 200 visible ASCII characters" }],
  });
}

function requestOf(c: Context<ApiEnv>, call: CallContext, name: RouteName, key: string): IdempotentRequest {
  const { pathname, search } = new URL(c.req.url);
  return {
    id: sha256(`${call.actor.id}\n${key}`),
    route: name,
    body_hash: sha256(`${pathname}${search}\n${canonicalize(c.get("sent")) ?? ""}`),
  };
}

async function replayed(
  parts: Parts,
  c: Context<ApiEnv>,
  name: RouteName,
  row: Route,
  made: string,
): Promise<Response> {
  if (row.secret) {
    throw new Problem("idempotency.secret_gone", { detail: `The first call made ${made}.`, extra: { id: made } });
  }
  c.header("Idempotency-Replayed", "true");
  if (row.idempotent === "answer") return reply(c, row, JSON.parse(made));
  const replays: { readonly [N in RouteName]?: Replay<N> } = parts.replays;
  const replay = replays[name];
  if (!replay) throw new Error(`The route ${name} takes idempotency keys and has no replay.`);
  return reply(c, row, await replay(c.get("call"), made));
}

/** It is done and said so: where its answer cannot be kept, the mark lapses by itself, and the same request runs again. */
async function keepAnswer(parts: Parts, call: CallContext, request: IdempotentRequest, answer: unknown) {
  try {
    await parts.idempotency.keep(request, JSON.stringify(answer), call.now);
  } catch (error) {
    parts.log.error("Could not keep the answer to a request with an idempotency key", {
      request_id: call.request_id,
      error,
    });
  }
}

/** A request that was refused, or changed nothing, leaves no mark. One whose fate nobody knows keeps its mark until that lapses. */
async function forgetUnsealed(parts: Parts, call: CallContext, request: IdempotentRequest, error: Error | undefined) {
  if (request.sealed || (error !== undefined && serviceFailure(error) === "silent")) return;
  try {
    await parts.idempotency.abandon(request);
  } catch (failure) {
    // The refusal stands; the mark lapses by itself.
    parts.log.error("Could not forget a refused request's idempotency key", {
      request_id: call.request_id,
      error: failure,
    });
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
