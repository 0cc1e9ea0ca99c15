import type { RouteReply } from "@omoios/contracts/routes";
import type { ApiKeyRow, PauseRow } from "@omoios/domain/access/model";
import type { Access } from "@omoios/domain/access/service";
import { shownStatus } from "@omoios/domain/agents/status";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import { invariant } from "@omoios/kernel/problem";
import type { CallContext, Replays, Verbs } from "../verbs.ts";

type AccessRoutes = "whoami" | "getPause" | "pause" | "resume" | "createApiKey" | "listApiKeys" | "revokeApiKey";

/** What answers the routes of keys, of the pause, and of who calls. */
export function accessVerbs(access: Access): Pick<Verbs, AccessRoutes> {
  return {
    whoami: async (ctx) => whoamiView(principalOf(ctx)),
    getPause: async () => pauseView(await access.pauseState()),
    pause: async (ctx, { body }) => pauseView(await access.pause(ctx, body.reason)),
    resume: async (ctx, { body }) => pauseView(await access.resume(ctx, body.reason)),
    createApiKey: (ctx, { body }) => access.createKey(ctx, principalOf(ctx), body),
    async listApiKeys(_ctx, { query }) {
      const { rows, cursor } = await access.listKeys(query);
      return { items: await Promise.all(rows.map((row) => keyView(access, row))), next_cursor: cursor ?? null };
    },
    revokeApiKey: async (ctx, { params }) => keyView(access, await access.revokeKey(ctx, params.key_id)),
  };
}

/** A repeated pause or resume is answered with the state as it is now. */
export function accessReplays(access: Access): Pick<Replays, "pause" | "resume"> {
  const replay = async () => pauseView(await access.pauseState());
  return { pause: replay, resume: replay };
}

function principalOf({ principal }: CallContext) {
  invariant(principal !== undefined, "the route takes principals only");
  return principal;
}

function whoamiView(principal: ReturnType<typeof principalOf>): RouteReply<"whoami"> {
  const shared = { principal: principal.actor.id, authority: principal.actor.authority };
  if (principal.kind === "operator") {
    return { ...shared, kind: "operator", scopes: [...principal.scopes], agent: null };
  }
  invariant(principal.kind === "agent", "the route takes operators and agents");
  const { agent_id, agent_name } = principal.agent;
  return {
    ...shared,
    kind: "agent",
    scopes: [],
    agent: { agent_id, agent_name, status: shownStatus(principal.agent) },
  };
}

async function keyView(access: Access, key: ApiKeyRow): Promise<RouteReply<"revokeApiKey">> {
  const { key_id, name, scopes, authority, created_by, registration } = key;
  return {
    key_id,
    kind: registration === undefined ? "operator" : "registration",
    name,
    scopes,
    authority,
    created_at: toRfc3339(key.created_at),
    created_by,
    revoked_at: timeOrNull(key.revoked_at),
    uses: registration?.uses ?? null,
    used: registration === undefined ? null : await access.registered(key_id, registration.uses),
    expires_at: timeOrNull(registration?.expires_at),
  };
}

function pauseView(row: PauseRow | undefined): RouteReply<"pause"> {
  const since = timeOrNull(row?.since);
  return { paused: row?.paused === true, reason: row?.reason ?? null, since };
}
