import type { CallContext, Verbs } from "@omoios/app/verbs";
import { routeRows } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import type { Scope } from "@omoios/contracts/shapes/access";
import type { Principal } from "@omoios/domain/access/principal";
import { type Id, type IdKind, newId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { createApi } from "../../functions/http/create-api.ts";
import { agentPrincipal, type Echo, echoParts } from "./echo-parts.ts";
import type { HttpHarness, MadeAgent } from "./http-harness.ts";

/** What there is, who holds it, and what was called: all the state that refusals of the HTTP layer can depend on. */
interface Known {
  ids: Set<string>;
  holders: Map<string, string>;
  principals: Map<string, Principal>;
  writes: Echo[];
}

/** The HTTP layer without a plane behind it: verbs know which ids exist, who holds a task, and that all is at version 7. */
export function echoHarness(): HttpHarness {
  const parts = echoParts();
  const known: Known = { ids: new Set(), holders: new Map(), principals: new Map(), writes: parts.calls };
  const make = <K extends IdKind>(kind: K): Id<K> => {
    const id = newId(kind, parts.random);
    known.ids.add(id);
    return id;
  };
  const verbs = Object.fromEntries(
    routeRows.map(([name, row]) => [
      name,
      (ctx: CallContext, input: Echo["input"]) => {
        refuse(known, ctx, row, input.params);
        refuseUnknownDependencies(known, input.body);
        return (parts.verbs[name] as unknown as (ctx: CallContext, input: Echo["input"]) => unknown)(ctx, input);
      },
    ]),
  ) as unknown as Verbs;
  const api = createApi({
    ...parts,
    verbs,
    authenticate: async (bearer) => known.principals.get(bearer) ?? refuseKey(),
    exists: async (_ctx, _kind, id) => known.ids.has(id),
  });
  const operator_key = operator(known, ["admin"]);
  return {
    fetch: (request) => api.fetch(request),
    operator_key,
    keyWithScopes: async (scopes) => operator(known, scopes),
    snapshot: async () => JSON.stringify(known.writes),
    make: makers(known, make),
  };
}

function makers(known: Known, make: <K extends IdKind>(kind: K) => Id<K>): HttpHarness["make"] {
  const agent = async (): Promise<MadeAgent> => {
    const agent_id = make("agent");
    const token = `token-${agent_id}`;
    known.principals.set(token, agentPrincipal(agent_id));
    return { agent_id, token };
  };
  const ticket = async () => ({ ticket_id: make("ticket") });
  const task = async () => ({ task_id: make("task"), ticket_id: make("ticket") });
  return {
    ticket,
    backlogTicket: ticket,
    blockedTicket: ticket,
    task,
    failedTask: task,
    waitingTask: task,
    heldTask: async () => {
      const [made, holder] = [await task(), await agent()];
      known.holders.set(made.task_id, holder.agent_id);
      return { ...made, fence: 1, agent: holder };
    },
    deadLetter: async () => ({ dead_letter_id: make("deadLetter") }),
    agent,
    heartbeat: async () => ({
      sequence_number: 2,
      status: "IDLE",
      current_task_ids: [],
      health_metrics: {},
      checksum: "0".repeat(64),
    }),
    assertion: async () => "header.payload.signature",
    apiKey: async () => ({ key_id: make("apiKey") }),
  };
}

function refuse(known: Known, ctx: CallContext, row: Route, params: Record<string, string>): void {
  for (const [name, { missing }] of Object.entries(row.params)) {
    if (!known.ids.has(params[name] ?? "")) throw new Problem(missing);
  }
  const holder = known.holders.get(params.task_id ?? "");
  if (ctx.principal?.kind === "agent" && holder !== undefined && holder !== ctx.actor.id)
    throw new Problem("task.not_holder");
  if (ctx.if_match !== undefined && ctx.if_match !== 7) {
    throw new Problem("request.precondition_failed", { extra: { current_version: 7 } });
  }
}

/** The one fault of a body that a schema cannot see: a dependency that is neither a task nor a `ref` of the same call. */
function refuseUnknownDependencies(known: Known, body: unknown): void {
  const { tasks = [] } = (body ?? {}) as { tasks?: { ref?: string; depends_on?: string[] }[] };
  const named = tasks.flatMap(({ depends_on = [] }) => depends_on);
  const unknown = named.filter((name) => !known.ids.has(name) && tasks.every(({ ref }) => ref !== name));
  if (unknown.length > 0) throw new Problem("task.dependency_unknown", { extra: { unknown } });
}

function operator(known: Known, scopes: readonly Scope[]): string {
  const key = `key-${scopes.join("-")}`;
  const actor = { kind: "operator", id: key, authority: "GUARDIAN" } as const;
  known.principals.set(key, { kind: "operator", scopes, actor });
  return key;
}

function refuseKey(): never {
  throw new Problem("auth.invalid");
}
