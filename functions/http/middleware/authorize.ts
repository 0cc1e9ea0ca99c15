import type { Route } from "@omoios/contracts/routes/route";
import { allows, type Principal } from "@omoios/domain/access/principal";
import { hasAuthority } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import type { Step } from "../call.ts";

/** Refuses a principal that the row does not name, a key without the row's scope or authority, and an agent in another agent's path. */
export function authorize(row: Route): Step {
  return async (c, next) => {
    const { principal } = c.get("call");
    if (principal) judge(row, principal, c.req.param());
    await next();
  };
}

function judge(row: Route, principal: Principal, params: Record<string, string>): void {
  if (!row.who.includes(principal.kind)) {
    throw new Problem("auth.forbidden", { detail: `This route is for ${row.who.join(" or ")} principals only.` });
  }
  if (principal.kind === "operator") {
    if (row.scope && !allows(principal.scopes, row.scope)) {
      throw new Problem("auth.forbidden", {
        detail: `The key lacks the scope ${row.scope}.`,
        extra: { scope: row.scope },
      });
    }
    if (row.authority && !hasAuthority(principal.actor, row.authority)) {
      throw new Problem("auth.authority_too_low", {
        detail: `This route is for ${row.authority} or more; your key has ${principal.actor.authority}.`,
      });
    }
    return;
  }
  if (principal.kind === "registration") return;
  const named = params.agent_id;
  if (named !== undefined && named !== principal.agent_id) {
    throw new Problem("auth.forbidden", { detail: "An agent acts for itself only." });
  }
}
