import type { Registration } from "@omoios/domain/agents/pre-validation";
import type { AgentId } from "@omoios/kernel/ids";
import type { Chance } from "@omoios/simulation/chance";
import { insistOn, OPERATOR } from "@omoios/simulation/plane/api";
import type { PlannedAgent } from "../scenario.ts";
import type { World } from "../world.ts";
import type { AgentParts } from "./agent.ts";
import { heartbeatOf } from "./heartbeat.ts";
import { lifeOf, unanswered } from "./life.ts";

/** Registers an agent of the scenario, past its first heartbeat. */
export async function registerAgent({ fleet, time, chance, scenario }: World, index: number): Promise<AgentId> {
  const planned = scenario.agents[index];
  if (planned === undefined) throw new Error(`The scenario has no agent ${index}`);
  const ending = await fleet.invoke("api-control", async ({ rooms }) => {
    const ctx = { now: time.now(), actor: OPERATOR, random: rooms.random, correlation_id: `register-${index}` };
    const { agent_id } = await rooms.agents.register(ctx, registrationOf(planned, chance.of(`key-${index}`)));
    const row = await rooms.parts.store.get("agent", { agent_id: agent_id as AgentId });
    if (row === undefined) throw new Error(`${agent_id} was registered and is not there`);
    await rooms.agents.heartbeat(ctx, row, heartbeatOf(1, [], time.now()));
    return row.agent_id;
  });
  if (ending.ended !== "returned")
    throw new Error(`An agent was not registered: it ${ending.ended}`, { cause: ending });
  return ending.value;
}

/** Registers in place of an agent that has ended, with a new key as the runner does, until a first heartbeat was answered in time. */
export async function registerAgain(parts: AgentParts, ended: AgentId): Promise<AgentId> {
  const { time, chance, planned } = parts;
  let replaces = ended;
  for (;;) {
    const wanted: Registration = { ...registrationOf(planned, chance), replaces };
    const request = { id: `replaces-${replaces}`, route: "registerAgent" };
    const agent_id = (await insistOn(
      parts,
      request,
      async ({ rooms }, ctx) => (await rooms.agents.register(ctx, wanted)).agent_id,
    )) as AgentId;
    const life = lifeOf(parts, agent_id);
    const beat = () =>
      life.call(async ({ rooms }, ctx, row) => {
        await rooms.agents.heartbeat(ctx, row, heartbeatOf(1, [], time.now()));
        return true;
      }, 1);
    while (!life.ended) {
      if (await beat().catch(unanswered(false))) return agent_id;
      await time.sleep(chance.between(500, 3_000));
    }
    replaces = agent_id;
  }
}

function registrationOf({ capabilities, capacity, told, url }: PlannedAgent, chance: Chance): Registration {
  const x = Buffer.from(Array.from({ length: 32 }, () => chance.between(0, 255))).toString("base64url");
  return {
    agent_type: "worker",
    phase_ids: ["PHASE_BACKLOG", "PHASE_BUILD", "PHASE_CHECK"],
    capabilities,
    capacity,
    version: "1.0.0",
    public_key: { kty: "OKP", crv: "Ed25519", x },
    ...(told === "webhook" ? { delivery: { mode: "push" as const, url } } : {}),
  };
}
