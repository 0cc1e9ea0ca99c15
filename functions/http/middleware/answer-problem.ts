import type { ApiParts } from "@omoios/app/api-parts";
import { problems } from "@omoios/contracts/problems";
import type { ErrorHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiEnv } from "../call.ts";
import { problemAnswer, problemOf } from "../problem-document.ts";

/** The one translator of what is thrown into what is answered. Faults of our own and of the services behind us are logged. */
export function answerProblem({ log }: Pick<ApiParts, "log">): ErrorHandler<ApiEnv> {
  return (error, c) => {
    const { request_id } = c.get("call");
    const problem = problemOf(error);
    if (problems[problem.code].status >= 500) {
      log.error("Request failed", { request_id, code: problem.code, method: c.req.method, path: c.req.path, error });
    }
    const { status, headers, document } = problemAnswer(problem, { path: c.req.path, request_id });
    return c.body(JSON.stringify(document), status as ContentfulStatusCode, headers);
  };
}
