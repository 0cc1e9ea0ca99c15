import type { ApiParts } from "@omoios/app/api-parts";
import { concern } from "@omoios/app/observe/scope";
import type { CallContext } from "@omoios/app/verbs";
import type { Replies, RouteName } from "@omoios/contracts/routes";
import { BASE_PATH, type Route } from "@omoios/contracts/routes/route";
import type { Hono } from "hono";
import type { ApiEnv, Input, Step } from "./call.ts";
import { fittingPage } from "./fitting-page.ts";
import { auditRefusals } from "./middleware/audit-refusals.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { authorize } from "./middleware/authorize.ts";
import { idempotency } from "./middleware/idempotency.ts";
import { keepLateWord } from "./middleware/keep-late-word.ts";
import { pathIds } from "./middleware/path-ids.ts";
import { rateLimit } from "./middleware/rate-limit.ts";
import { readInput } from "./middleware/read-input.ts";
import { reply, wantsText } from "./reply.ts";

/** Mounts one row of the route table. The order of the steps is the order of refusals: 401, 429, 403, 404, 4xx of the input, 409. */
export function bind(api: Hono<ApiEnv>, parts: ApiParts, name: RouteName, row: Route): void {
  api.on(
    row.method,
    honoPath(row),
    tellRoute(name),
    auditRefusals(parts, name, row),
    keepLateWord(parts, name, row),
    authenticate(parts, name, row),
    rateLimit(parts, row),
    authorize(row),
    pathIds(row),
    readInput(parts, name, row),
    idempotency(parts, name, row),
    answer(parts, name, row),
  );
}

/** Lets the log know what the request is for, and whom its path names. */
function tellRoute(name: RouteName): Step {
  return (c, next) => {
    c.set("route", name);
    concern(c.req.param());
    return next();
  };
}

/** `/tasks/{task_id}` as hono writes it, under the API's base. */
export const honoPath = (row: Route): string => `${BASE_PATH}${row.path.replaceAll(/\{(\w+)\}/g, ":$1")}`;

function answer(parts: ApiParts, name: RouteName, row: Route): Step {
  // The row's own schemas made the input, so that it is what the row's verb takes; types cannot say so of a name known at run time.
  const verb = parts.verbs[name] as unknown as (call: CallContext, input: Input) => Promise<unknown>;
  return async (c) => {
    const wants_text = wantsText(c, row);
    const call = { ...c.get("call"), wants_text };
    const body = await fittingPage((input) => verb(call, input), c.get("input"));
    if (parts.replies !== undefined && !wants_text) checkReply(name, parts.replies[name], body);
    c.set("answer", body);
    return reply(c, row, body);
  };
}

function checkReply(name: RouteName, schema: Replies[RouteName], body: unknown): void {
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new Error(`The reply of ${name} is not what the table of replies says: ${parsed.error.message}`);
}
