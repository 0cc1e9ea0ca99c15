import type { ApiParts } from "@omoios/app/api-parts";
import type { CallContext, Replays, Verbs } from "@omoios/app/verbs";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { type RouteName, routeRows } from "@omoios/contracts/routes";
import type { Scope } from "@omoios/contracts/shapes/access";
import type { Principal } from "@omoios/domain/access/principal";
import type { Refusal } from "@omoios/domain/audit/service";
import type { IdempotencyStore } from "@omoios/domain/idempotency";
import type { AgentId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { seededRandom } from "@omoios/kernel/random";

const NOW = Date.parse("2026-01-05T10:00:00Z");
export const AGENT_ID = "agent_11111111-1111-4111-8111-111111111111" as AgentId;
export const OTHER_AGENT_ID = "agent_22222222-2222-4222-8222-222222222222" as AgentId;
export const TICKET_ID = "ticket_00000000000000000001";
export const TASK_ID = "task_00000000000000000001";

/** What an echo verb answers: all that the HTTP layer gave it. */
interface Echo {
  route: RouteName;
  version: number;
  ctx: Pick<CallContext, "request_id" | "correlation_id" | "traceparent" | "if_match" | "idempotency_key" | "actor">;
  input: { params: Record<string, string>; query: unknown; body: unknown };
}

/** Parts for tests of the HTTP layer alone, with a note of what was called. */
export interface EchoParts extends ApiParts {
  calls: Echo[];
  logged: { message: string; fields: Record<string, unknown> }[];
  /** What the audit was told. */
  refused: Partial<Refusal>[];
  /** The verbs throw what is put here. */
  failing: { with: unknown };
}

/**
 * The HTTP layer's surroundings without a plane: verbs that answer what they were given, keys by name (`operator`, `agent`, or scopes
 * joined by commas), and idempotency in memory that `made` seals as a commit would.
 */
export function echoParts(): EchoParts {
  const calls: Echo[] = [];
  const logged: EchoParts["logged"] = [];
  const refused: EchoParts["refused"] = [];
  const failing: EchoParts["failing"] = { with: undefined };
  const store = memoryIdempotency();
  const verb = (route: RouteName) => async (ctx: CallContext, input: Echo["input"]) => {
    if (failing.with !== undefined) throw failing.with;
    const { request_id, correlation_id, traceparent, if_match, idempotency_key, actor } = ctx;
    const given = {
      request_id,
      correlation_id,
      if_match,
      idempotency_key,
      actor,
      ...(traceparent ? { traceparent } : {}),
    };
    const echo: Echo = { route, version: 7, ctx: given, input };
    calls.push(echo);
    if (ctx.idempotency) store.seal(ctx.idempotency.id, `made-${calls.length}`);
    return echo;
  };
  const replay = (route: RouteName) => async (_ctx: CallContext, made: string) => ({ route, replayed: made });
  const table = <T>(make: (route: RouteName) => unknown) =>
    Object.fromEntries(routeRows.map(([name]) => [name, make(name)])) as T;
  return {
    verbs: table<Verbs>(verb),
    replays: table<Replays>(replay),
    authenticate: async (bearer) => principalOf(bearer),
    rate_limiter: {
      admit: async (_bucket, { burst }) => ({ allowed: true, remaining: burst, full_in_ms: 0, retry_after_ms: 0 }),
    },
    rate_limits: defaultLimits.rate_limits,
    idempotency: store,
    audit: {
      refused: async (_ctx, refusal) => void refused.push(refusal),
      refusedUnknown: async (_ctx, code) => void refused.push({ code }),
    },
    refused,
    clock: { now: () => NOW },
    random: seededRandom(1),
    log: { error: (message, fields) => void logged.push({ message, fields }) },
    calls,
    logged,
    failing,
  };
}

function principalOf(bearer: string): Principal {
  if (bearer === "nobody") throw new Problem("auth.invalid");
  if (bearer === "agent") return agentPrincipal(AGENT_ID);
  const scopes = (bearer === "operator" ? ["admin"] : bearer.split(",")) as Scope[];
  return { kind: "operator", scopes, actor: { kind: "operator", id: `key_${bearer}`, authority: "GUARDIAN" } };
}

/** An agent as authentication would find it: alive, with a slot to spare. */
function agentPrincipal(agent_id: AgentId): Principal {
  const agent = {
    agent_id,
    agent_name: "worker-test-1",
    agent_type: "worker",
    status: "IDLE",
    class_id: "class",
    key_id: "key",
    public_x: "x".repeat(43),
    epoch: 1,
    capacity: 1,
    slots: {},
    failed: {},
    version: 1,
  } as const;
  return { kind: "agent", agent_id, epoch: 1, agent, actor: { kind: "agent", id: agent_id, authority: "WORKER" } };
}

function memoryIdempotency(): IdempotencyStore & { seal(id: string, made: string): void } {
  const rows = new Map<string, { route: string; body_hash: string; made?: string }>();
  return {
    async begin({ id, route, body_hash }) {
      const row = rows.get(id);
      if (!row) {
        rows.set(id, { route, body_hash });
        return { state: "fresh" };
      }
      if (row.route !== route || row.body_hash !== body_hash) return { state: "reused" };
      return row.made === undefined ? { state: "running", retry_after_ms: 1_500 } : { state: "done", made: row.made };
    },
    async abandon({ id }) {
      if (rows.get(id)?.made === undefined) rows.delete(id);
    },
    async keep({ id }, answer) {
      this.seal(id, answer);
    },
    seal(id, made) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, made });
    },
  };
}
