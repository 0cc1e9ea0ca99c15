import type { RouteName } from "@omoios/contracts/routes";
import type { Instant } from "@omoios/kernel/clock";
import type { Actor } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import { decodeProtectedHeader } from "jose";
import { heldKey } from "../agents/keys.ts";
import { type AgentRow, agentEnded, hasEnded } from "../agents/model.ts";
import type { tokenReader } from "./access-token.ts";
import { keyKind } from "./api-key.ts";
import { type AssertionParts, useAssertion } from "./assertion.ts";
import { issuerOf, type OidcIssuers, oidcPrincipal } from "./oidc.ts";
import type { OperatorKeys } from "./operator-keys.ts";
import type { Principal } from "./principal.ts";

/** What a bearer is judged for. */
export interface Call {
  route: RouteName | "wake";
  path_params: Readonly<Record<string, string>>;
  now: Instant;
}

interface AuthenticationParts extends AssertionParts {
  operators: OperatorKeys;
  read_token: ReturnType<typeof tokenReader>;
  issuers: OidcIssuers;
}

/**
 * Who holds the bearer: a token of an issuer of the stage, a key, an agent's access token, or for a first heartbeat an agent's assertion. Throws
 * `auth.invalid`, `agent.clock`, or `agent.ended` for an agent that can only register again. An agent costs one read.
 */
export async function authenticate(parts: AuthenticationParts, bearer: string, call: Call): Promise<Principal> {
  if (keyKind(bearer) !== undefined) return keyHolder(parts, bearer, call.now);
  const issuer = issuerOf(bearer);
  if (issuer !== undefined && parts.issuers.knows(issuer)) {
    return oidcPrincipal(await parts.issuers.verify(bearer, issuer, call.now));
  }
  switch (algorithmOf(bearer)) {
    case "HS256":
      return agentByToken(parts, bearer, call.now);
    case "EdDSA":
      if (call.route === "heartbeat") return agentByAssertion(parts, bearer, call.now);
      throw new Problem("auth.invalid", {
        detail: "An assertion is good for a first heartbeat only: buy an access token with it.",
      });
    default:
      throw new Problem("auth.invalid");
  }
}

async function keyHolder({ operators }: AuthenticationParts, bearer: string, now: Instant): Promise<Principal> {
  const key = await operators.find(bearer, now);
  if (key === undefined) throw new Problem("auth.invalid");
  const actor: Actor = { kind: "operator", id: key.key_id, authority: key.authority };
  if (key.registration === undefined) return { kind: "operator", scopes: key.scopes, actor };
  const { uses, expires_at } = key.registration;
  if (expires_at <= now) throw new Problem("auth.invalid", { detail: "The registration key has expired." });
  return { kind: "registration", actor, uses };
}

async function agentByToken(parts: AuthenticationParts, bearer: string, now: Instant): Promise<Principal> {
  const claims = await parts.read_token(bearer, now);
  const agent = await parts.store.get("agent", { agent_id: claims.agent_id });
  if (agent === undefined) throw new Problem("auth.invalid");
  // Before the epoch, which the end has raised: an agent that has ended is told so, whatever token it holds.
  // One whose key was revoked is not named: a token made with it proves nothing, and no late word is kept for it.
  if (hasEnded(agent)) throw agentEnded(agent.key_revoked_at === undefined ? agent : { status: agent.status });
  const revoked = agent.epoch !== claims.epoch || heldKey(agent, claims.key_id, now) === undefined;
  if (revoked || agent.status === "SPAWNING") {
    throw new Problem("auth.invalid", { detail: "The access token was revoked." });
  }
  return principalOf(agent);
}

async function agentByAssertion(parts: AuthenticationParts, bearer: string, now: Instant): Promise<Principal> {
  const { agent } = await useAssertion(parts, bearer, now, (signer) => {
    if (hasEnded(signer)) throw agentEnded(signer);
    if (signer.status !== "SPAWNING") {
      throw new Problem("auth.invalid", { detail: "The agent has started: its heartbeats carry an access token." });
    }
  });
  return principalOf(agent);
}

/** Every agent acts with the least authority: a type that it gives itself must not raise it. */
function principalOf(agent: AgentRow): Principal {
  return {
    kind: "agent",
    agent_id: agent.agent_id,
    epoch: agent.epoch,
    agent,
    actor: { kind: "agent", id: agent.agent_id, authority: "WORKER" },
  };
}

function algorithmOf(bearer: string): string | undefined {
  try {
    return decodeProtectedHeader(bearer).alg;
  } catch {
    // No JWT, whatever else it may be: the answer is the same.
    return undefined;
  }
}
