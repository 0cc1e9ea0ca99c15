import type { ApiParts } from "@omoios/app/api-parts";
import { routeRows } from "@omoios/contracts/routes";
import { Problem } from "@omoios/kernel/problem";
import { Hono } from "hono";
import { bind, honoPath } from "./bind.ts";
import type { ApiEnv } from "./call.ts";
import { mountDocuments } from "./documents.ts";
import { answerProblem } from "./middleware/answer-problem.ts";
import { requestContext } from "./middleware/request-context.ts";
import { securityHeaders } from "./middleware/security-headers.ts";

/**
 * The HTTP API over the verbs of the plane: the given rows of the route table (all unless given), `/openapi.json` and `/docs`. What holds for all requests is
 * listed here in its order, what holds for a route in `bind`.
 */
export function createApi(parts: ApiParts, rows: typeof routeRows = routeRows): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();
  api.onError(answerProblem(parts));
  api.use(requestContext(parts));
  api.use(securityHeaders);
  mountDocuments(api);
  // Braces sort behind letters, so that `/tasks/claim` is tried before `/tasks/{task_id}`.
  for (const [name, row] of rows.toSorted(([, a], [, b]) => (a.path < b.path ? -1 : 1))) {
    bind(api, parts, name, row);
  }
  mountRefusals(api, rows);
  return api;
}

/** What no row answers: 405 on a path of the table, else 404. */
function mountRefusals(api: Hono<ApiEnv>, rows: typeof routeRows): void {
  const methods = new Map<string, string[]>();
  for (const [, row] of rows) methods.set(honoPath(row), [...(methods.get(honoPath(row)) ?? []), row.method].sort());
  for (const [path, allowed] of methods) {
    api.all(path, () => {
      throw new Problem("route.method_not_allowed", { extra: { allowed } });
    });
  }
  api.all("*", () => {
    throw new Problem("route.not_found");
  });
}
