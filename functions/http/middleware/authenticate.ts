import type { ApiParts } from "@omoios/app/api-parts";
import { concern } from "@omoios/app/observe/scope";
import type { RouteName } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { Problem } from "@omoios/kernel/problem";
import type { Step } from "../call.ts";

const BEARER = /^bearer +(\S+) *$/i;

/** Finds out who calls. A route without `who` takes anybody, and its verb judges what the body brings. */
export function authenticate(parts: Pick<ApiParts, "authenticate">, name: RouteName, row: Route): Step {
  return async (c, next) => {
    const bearer = BEARER.exec(c.req.header("authorization") ?? "")?.[1];
    const call = c.get("call");
    if (row.who.length === 0) {
      c.set("call", { ...call, bearer });
    } else {
      if (bearer === undefined) throw new Problem("auth.missing");
      const principal = await parts.authenticate(bearer, { route: name, path_params: c.req.param(), now: call.now });
      c.set("call", { ...call, bearer, principal, actor: principal.actor });
      if (principal.kind === "agent") concern({ agent_id: principal.agent_id });
    }
    await next();
  };
}
