import type { RouteReply } from "@omoios/contracts/routes";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { newId } from "@omoios/kernel/ids";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import type { Parts } from "../config/well-formed.ts";
import { untilSettled } from "../decide.ts";
import { expiryAt } from "../expiry.ts";
import { expectFree, keyOf } from "./key-holding.ts";
import type { Key } from "./keys.ts";
import type { AgentProfileRow, AgentRow, DeliveryRow } from "./model.ts";
import { agentName, namePrefix } from "./name.ts";
import type { AgentParts } from "./parts.ts";
import { judgeRegistration, type Registration } from "./pre-validation.ts";
import { newAgent, takeKey } from "./registration.ts";
import { stepsView } from "./view.ts";

/** How long the pulse row of a registration that was never committed stays, should its process have died. */
const HALF_MADE_MS = 3_600_000;

/**
 * Registers an agent, SPAWNING until its first heartbeat. Throws `agent.registration_refused` with every reason, or
 * `agent.key_in_use` or `agent.key_retired`; each leaves nothing behind but a number that no name will have.
 * @param admit is asked once nothing stands against the registration but a race; it may refuse
 */
export async function register(
  parts: AgentParts,
  ctx: RequestContext,
  wanted: Registration,
  admit: () => Promise<void>,
): Promise<RouteReply<"registerAgent">> {
  const faults = registrationFaults(parts, wanted);
  if (faults.length > 0) throw new Problem("agent.registration_refused", { errors: faults });
  const { key, private_key } = await keyFor(parts, wanted);
  // Asked for once before anything is made; the commit asks again.
  await expectFree(parts.store, await parts.store.get("agent_key", { key_id: key.key_id }));
  await admit();
  const phase_ids = [...new Set(wanted.phase_ids)].sort();
  const rows = await prepare(parts, ctx, { ...wanted, phase_ids }, key);
  await openPulse(parts, rows.agent, ctx.now);
  const delivery = deliveryOf(parts, wanted, rows.agent);
  await enter(parts, ctx, { ...rows, delivery });
  return {
    agent_id: rows.agent.agent_id,
    agent_name: rows.agent.agent_name,
    status: rows.agent.status,
    key_id: key.key_id,
    ...(private_key === undefined ? {} : { private_key }),
    audience: parts.audience,
    wake_url: parts.wake_url(),
    ...(delivery === undefined ? {} : { webhook_secret: delivery.secret }),
    first_heartbeat_by: toRfc3339(rows.profile.first_heartbeat_by),
    steps: stepsView(rows.profile.steps),
  };
}

/** What stands against a registration, as far as it can be read. */
export const registrationFaults = (parts: AgentParts, wanted: Parts<Registration>): Fault[] =>
  judgeRegistration(wanted, { agents: parts.limits.agents, ...parts });

/** The agent's own key, or a pair made for it. */
async function keyFor({ key_pairs }: AgentParts, { public_key }: Registration) {
  if (public_key !== undefined) return { key: keyOf(public_key.x), private_key: undefined };
  const { public_x, private_key } = await key_pairs.make();
  return { key: keyOf(public_x), private_key };
}

async function prepare(parts: AgentParts, ctx: RequestContext, wanted: Registration, key: Key) {
  const prefix = namePrefix(wanted.agent_type, wanted.phase_ids);
  const newcomer = {
    ...key,
    agent_id: newId("agent", ctx.random),
    agent_name: agentName(prefix, await parts.counters.next(`agent-name#${prefix}`)),
    class_id: await parts.work.ensureClass(ctx, wanted.phase_ids, wanted.capabilities),
    registered_by: ctx.actor.id,
    steps: [
      { step: "pre_validation" as const, outcome: "done" as const, at: ctx.now },
      { step: "identity" as const, outcome: "done" as const, at: ctx.now },
    ],
  };
  return newAgent(newcomer, wanted, { now: ctx.now, first_heartbeat_seconds: parts.limits.first_heartbeat_seconds });
}

/** Where the agent's tasks are pushed to, under a new key; nowhere for one that claims. */
function deliveryOf({ webhooks }: AgentParts, { delivery }: Registration, { agent_id }: AgentRow) {
  if (delivery?.mode !== "push") return undefined;
  return { version: 0, agent_id, url: delivery.url, secret: webhooks.newSecret() };
}

/** Before the agent is there, so that every agent has a pulse; it goes by itself if the agent never comes. */
async function openPulse({ pulse }: AgentParts, agent: AgentRow, now: Instant): Promise<void> {
  await pulse.open({
    agent_id: agent.agent_id,
    epoch: agent.epoch,
    sequence: 0,
    beat_at: now,
    status: agent.status,
    task_ids: [],
    left_out: {},
    health: {},
    replays: 0,
    ttl: expiryAt(now + HALF_MADE_MS),
  });
}

async function enter(
  parts: AgentParts,
  ctx: RequestContext,
  { agent, profile, delivery }: { agent: AgentRow; profile: AgentProfileRow; delivery: DeliveryRow | undefined },
): Promise<void> {
  try {
    await untilSettled(async () => {
      const row = await parts.store.get("agent_key", { key_id: agent.key_id });
      // An earlier try was written, and its answer lost.
      if (row?.agent_id === agent.agent_id) return;
      const guards = await expectFree(parts.store, row);
      await parts.commit(
        ctx,
        [
          // The relay sets the timer of a row that it sees: without an event this one would wait for the sweep.
          { kind: "agent", after: agent, events: [{ type: "agent.registration_started" }] },
          { kind: "agent_profile", after: profile },
          ...(delivery === undefined ? [] : [{ kind: "agent_delivery" as const, after: delivery }]),
          takeKey(row, { key_id: agent.key_id, agent_id: agent.agent_id, created_at: ctx.now }),
        ],
        { made: agent.agent_id, guards },
      );
    });
  } catch (refusal) {
    // What nobody knows the fate of may have been made: its pulse stays, and goes by itself if it was not.
    if (refusal instanceof Problem) await parts.pulse.close(agent.agent_id);
    throw refusal;
  }
}
