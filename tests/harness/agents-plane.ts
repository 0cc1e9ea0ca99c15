import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { countersOn, usedAssertionsOn } from "@omoios/adapters/dynamodb/counters";
import { eventLogOn } from "@omoios/adapters/dynamodb/event-log";
import { idempotencyIn } from "@omoios/adapters/dynamodb/idempotency";
import { ladderOn } from "@omoios/adapters/dynamodb/ladder";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { rateBucketsOn } from "@omoios/adapters/dynamodb/rate-buckets";
import { keyOf } from "@omoios/adapters/dynamodb/rows";
import { socketsOn } from "@omoios/adapters/dynamodb/sockets";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { keyPairs, makeApiKey } from "@omoios/adapters/keys/make-keys";
import { oidcIssuersFrom } from "@omoios/adapters/keys/oidc-issuers";
import { webhooksOf } from "@omoios/adapters/messaging/webhooks";
import { entriesOf, envelopesOf } from "@omoios/adapters/stream/envelopes";
import { accessReplays, accessVerbs } from "@omoios/app/verbs/access";
import { agentLifeReplays, agentLifeVerbs } from "@omoios/app/verbs/agent-life";
import { agentVerbs } from "@omoios/app/verbs/agents";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Envelope } from "@omoios/contracts/events";
import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Limits } from "@omoios/contracts/limits";
import { replies } from "@omoios/contracts/replies";
import type { OidcIssuers } from "@omoios/domain/access/oidc";
import { prepareOperator } from "@omoios/domain/access/prepare-operator";
import { rateLimiter } from "@omoios/domain/access/rate-limiter";
import { accessService } from "@omoios/domain/access/service";
import type { AgentWork, Slot } from "@omoios/domain/agents/model";
import { agentsService } from "@omoios/domain/agents/service";
import type { Commit } from "@omoios/domain/commit";
import type { RowKind } from "@omoios/domain/rows";
import type { KeyOf, Timers } from "@omoios/domain/store";
import { errorsOf } from "@omoios/domain/tasks/agent-errors";
import { laneBook } from "@omoios/domain/tasks/lane-book";
import { freeSlotOf } from "@omoios/domain/tasks/write";
import type { Clock } from "@omoios/kernel/clock";
import { systemContext } from "@omoios/kernel/context";
import type { AgentId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { createApi } from "../../functions/http/create-api.ts";
import { type CallOptions, callApi } from "./call-api.ts";
import { echoParts } from "./echo-parts.ts";
import { heldToTable } from "./held-to-table.ts";
import { memoryStageKeys } from "./stage-keys.ts";

export const START = Date.parse("2026-01-05T10:00:00Z");
export const AUDIENCE = "omoios:test";

export interface AgentsPlaneOptions {
  limits?: Partial<Limits>;
  issuers?: OidcIssuers;
}

export type AgentsPlane = Awaited<ReturnType<typeof agentsPlane>>;

/**
 * The rooms of agents and access over real tables and the real HTTP layer, at a time that the test sets. Verbs of other rooms echo;
 * of the tasks, only the agents' slots are there.
 */
export async function agentsPlane(tables: Tables, options: AgentsPlaneOptions = {}) {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const time = { now: START };
  const clock = { now: () => time.now };
  const context = (part = "test") => systemContext(part, time.now, systemRandom);
  const parts = {
    store: storeOn(tables, clock),
    commit: relayed(tables, commitTo(tables, limits.idempotency_hours), clock),
    pulse: pulseOn(tables),
    ladder: ladderOn(tables),
    log: eventLogOn(tables, auditBookOn(tables)),
    /** Messages that the plane sent itself. */
    timers: messagesOf(),
    audience: AUDIENCE,
    clock,
    limits,
  };
  const given: { slots: Slot[]; meanwhile: () => Promise<void> } = { slots: [], meanwhile: async () => undefined };
  const accessParts = {
    ...parts,
    used: usedAssertionsOn(tables),
    counters: countersOn(tables),
    token_keys: memoryStageKeys(time.now),
    issuers: options.issuers ?? oidcIssuersFrom([], limits),
    make_api_key: makeApiKey,
  };
  const access = accessService(accessParts);
  const agents = agentsService({
    ...parts,
    counters: countersOn(tables),
    key_pairs: keyPairs,
    wake_url: () => null,
    sockets: socketsOn(tables),
    post: async () => "gone",
    webhooks: webhooksOf({ allow_private: false, sleep: tables.sleep }),
    mail_flag: access.mail_flag,
    known_phases: new Set(["PHASE_IMPLEMENTATION", "PHASE_TESTING"]),
    work: agentWork(parts, given),
  });
  const operator_key = makeApiKey();
  await prepareOperator(parts.commit, parts.store, context("stage"), operator_key);

  const echo = echoParts();
  const api = createApi({
    ...echo,
    verbs: { ...echo.verbs, ...agentVerbs(agents, access), ...agentLifeVerbs(agents), ...accessVerbs(access) },
    replays: { ...echo.replays, ...agentLifeReplays(agents), ...accessReplays(access) },
    authenticate: access.authenticate,
    rate_limiter: rateLimiter(rateBucketsOn(tables)),
    rate_limits: limits.rate_limits,
    idempotency: idempotencyIn(tables, limits),
    clock,
    random: systemRandom,
    replies,
  });
  return {
    ...parts,
    agents,
    access,
    /** A second process of the same stage: it shares tables and keys, and remembers nothing of the first. */
    otherAccess: () => accessService(accessParts),
    operator_key,
    /** Slots that were given back, and what else happens while one is. */
    given,
    logged: echo.logged,
    context,
    pass: (ms: number) => {
      time.now += ms;
    },
    call: (method: string, path: string, call: CallOptions = {}) =>
      callApi(async (request) => heldToTable(request.method, request.url, await api.fetch(request)), method, path, {
        key: operator_key,
        ...call,
      }),
    /** The events that ride in a row as its last write left them. */
    async eventsOf<K extends RowKind>(kind: K, key: KeyOf<K>): Promise<Pick<Envelope, "type" | "data">[]> {
      const { Item } = await tables.client.send(new GetCommand({ TableName: tables.state, Key: keyOf(kind, key) }));
      return Item === undefined ? [] : envelopesOf(Item).map(({ type, data }) => ({ type, data }));
    },
    /** Empties the agent's slots, as its words about its tasks would. */
    async handsBack(agent_id: AgentId): Promise<void> {
      const before = await parts.store.get("agent", { agent_id });
      if (before === undefined) throw new Error(`There is no agent ${agent_id}`);
      await parts.commit(context(), [{ kind: "agent", before, after: { ...before, slots: {} } }]);
    },
    /** Gives the agent a slot, as a claim would. */
    async holds(agent_id: AgentId, slot: Slot, name = "0"): Promise<void> {
      const before = await parts.store.get("agent", { agent_id });
      if (before === undefined) throw new Error(`There is no agent ${agent_id}`);
      const after = { ...before, slots: { ...before.slots, [name]: slot } };
      await parts.commit(context(), [{ kind: "agent", before, after }]);
    },
  };
}

function agentWork(
  parts: Parameters<typeof laneBook>[0],
  given: { slots: Slot[]; meanwhile: () => Promise<void> },
): AgentWork {
  const book = laneBook(parts);
  return {
    ensureClass: (ctx, phases, capabilities) => book.ensureClass(ctx, phases, capabilities),
    // Every slot counts as leased until the test empties it.
    leased: async ({ slots }) => Object.values(slots),
    errorsOf: (agent) => errorsOf(parts, agent),
    async giveBack(_ctx, slots) {
      given.slots.push(...slots);
      await given.meanwhile();
    },
    async takeBack(ctx, agent_id, slots) {
      given.slots.push(...slots);
      for (const { task_id, fence } of slots) await freeSlotOf(parts, ctx, agent_id, task_id, fence, { taken: true });
    },
  };
}

/** Each event is in the log as soon as it is committed, as the relay brings it there a moment later. */
function relayed(tables: Tables, commit: Commit, clock: Clock): Commit {
  const keys = memoryStageKeys(clock.now());
  const log = logWriter({ tables, keys, clock, random: systemRandom, retention_days: 400 });
  return async (ctx, changes, options) => {
    const rows = await commit(ctx, changes, options);
    for (const change of changes) {
      if (!change.events?.length || change.after === undefined) continue;
      const Key = keyOf(change.kind, change.after as never);
      const { Item = {} } = await tables.client.send(new GetCommand({ TableName: tables.state, Key }));
      const list = await log.keep(entriesOf(Item, {}), "events");
      await list();
    }
    return rows;
  };
}

function messagesOf(): Timers & { sent: TimerMessage[] } {
  const sent: TimerMessage[] = [];
  return { sent, set: async (messages) => void sent.push(...messages) };
}
