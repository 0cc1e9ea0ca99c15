import type { ApiParts } from "@omoios/app/api-parts";
import { routeRows } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { Problem } from "@omoios/kernel/problem";
import { Hono } from "hono";
import { bind, honoPath } from "./bind.ts";
import type { ApiEnv } from "./call.ts";
import { mountDocuments } from "./documents.ts";
import { answerProblem } from "./middleware/answer-problem.ts";
import { requestContext } from "./middleware/request-context.ts";
import { securityHeaders } from "./middleware/security-headers.ts";

/**
 * The HTTP API over the verbs of the plane: every row of the route table, `/openapi.json` and `/docs`. What holds for all requests is
 * listed here in its order, what holds for a route in `bind`.
 */
export function createApi(parts: ApiParts): Hono<ApiEnv> {
  requireReplays(parts);
  const api = new Hono<ApiEnv>();
  api.onError(answerProblem(parts));
  api.use(requestContext(parts));
  api.use(securityHeaders);
  mountDocuments(api);
  // Braces sort behind letters, so that `/tasks/claim` is tried before `/tasks/{task_id}`.
  for (const [name, row] of routeRows.toSorted(([, a], [, b]) => (a.path < b.path ? -1 : 1))) {
    bind(api, parts, name, row);
  }
  mountRefusals(api);
  return api;
}

/** What no row answers: 405 on a path of the table, else 404. */
function mountRefusals(api: Hono<ApiEnv>): void {
  const methods = new Map<string, string[]>();
  for (const [, row] of routeRows)
    methods.set(honoPath(row), [...(methods.get(honoPath(row)) ?? []), row.method].sort());
  for (const [path, allowed] of methods) {
    api.all(path, () => {
      throw new Problem("route.method_not_allowed", { extra: { allowed } });
    });
  }
  api.all("*", () => {
    throw new Problem("route.not_found");
  });
}

/** A row that takes idempotency keys must be able to answer again; it is noticed at the start and not at the first retry. */
function requireReplays({ replays }: ApiParts): void {
  const needsReplay = (row: Route) => row.idempotent && !row.secret && row.who.includes("operator");
  const lacking = routeRows.filter(([name, row]) => needsReplay(row) && !replays[name]).map(([name]) => name);
  if (lacking.length > 0) throw new Error(`Routes that take idempotency keys lack a replay: ${lacking.join(", ")}.`);
}
