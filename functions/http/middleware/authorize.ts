import type { PrincipalKind, Route } from "@omoios/contracts/routes/route";
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
  if (!row.who.includes(principal.kind)) throw wrongPrincipal(row.who, principal.kind);
  if (principal.kind === "operator") {
    if (row.scope && !allows(principal.scopes, row.scope)) {
      throw new Problem("auth.forbidden", {
        detail: `The key lacks the scope ${row.scope}.`,
        remedy: `Use a key with the scope ${row.scope}: who has one with it, or with admin, makes it by POST /api-keys.`,
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
    throw new Problem("auth.forbidden", {
      detail: "An agent acts for itself only.",
      remedy: `Name ${principal.agent_id} in the path, which is whose token this is.`,
    });
  }
}

const PRINCIPALS = {
  operator: {
    name: "an operator's key",
    remedy: "Send an operator's key (POST /api-keys makes one) or an OIDC token.",
  },
  agent: {
    name: "an agent's access token",
    remedy: "Send an agent's access token, which it buys with a signed assertion: POST /agents/{agent_id}/token.",
  },
  registration: {
    name: "a registration key",
    remedy: "Send a registration key: POST /api-keys makes one with `uses`.",
  },
} as const satisfies Record<PrincipalKind, { name: string; remedy: string }>;

function wrongPrincipal(wanted: readonly PrincipalKind[], is: PrincipalKind): Problem {
  return new Problem("auth.forbidden", {
    detail: `This route takes ${wanted.map((kind) => PRINCIPALS[kind].name).join(" or ")}, and this is ${PRINCIPALS[is].name}.`,
    remedy: wanted.map((kind) => PRINCIPALS[kind].remedy).join(" Or: "),
    extra: { principals: wanted },
  });
}
