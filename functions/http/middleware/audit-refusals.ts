import type { ApiParts } from "@omoios/app/api-parts";
import type { RouteName } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import type { Context } from "hono";
import type { ApiEnv, Step } from "../call.ts";
import { problemOf } from "../problem-document.ts";

/**
 * Keeps that a known principal was refused (401, 403), before it is told so; an unknown one is counted. Where that fails the refusal
 * stands, and the failure is logged: no caller gets in because the audit is out of reach.
 */
export function auditRefusals(parts: Pick<ApiParts, "audit" | "log">, name: RouteName, row: Route): Step {
  return async (c, next) => {
    await next();
    if (c.error === undefined) return;
    const { code, detail } = problemOf(c.error);
    const status = c.res.status;
    if (status !== 401 && status !== 403) return;
    const call = c.get("call");
    try {
      if (call.principal === undefined) await parts.audit.refusedUnknown(call, code);
      else {
        const { request_id } = call;
        const subject = subjectOf(c, row) ?? { kind: "route", id: name };
        await parts.audit.refused(call, { route: name, code, status, request_id, subject, reason: detail });
      }
    } catch (error) {
      parts.log.error("A refusal was not audited", { request_id: call.request_id, code, error });
    }
  };
}

/** What the path names first. */
function subjectOf(c: Context<ApiEnv>, row: Route): { kind: string; id: string } | undefined {
  const [named] = Object.entries(row.params);
  const id = named && c.req.param(named[0]);
  return named && id ? { kind: named[1].kind, id: id.slice(0, 100) } : undefined;
}
