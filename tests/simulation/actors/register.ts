import type { AgentId } from "@omoios/kernel/ids";
import type { Chance } from "../chance.ts";
import type { Scenario } from "../scenario.ts";
import type { World } from "../world.ts";
import { heartbeatOf } from "./heartbeat.ts";

/** Registers an agent of the scenario, past its first heartbeat. */
export async function registerAgent({ fleet, time, chance, scenario }: World, index: number): Promise<AgentId> {
  const wanted = scenario.agents[index];
  if (wanted === undefined) throw new Error(`The scenario has no agent ${index}`);
  const ending = await fleet.invoke("api-control", async ({ rooms }) => {
    const actor = { kind: "operator", id: "key_operator", authority: "GUARDIAN" } as const;
    const ctx = { now: time.now(), actor, random: rooms.random, correlation_id: `register-${index}` };
    const { agent_id } = await rooms.agents.register(ctx, registrationOf(wanted, chance.of(`key-${index}`)));
    const row = await rooms.parts.store.get("agent", { agent_id: agent_id as AgentId });
    if (row === undefined) throw new Error(`${agent_id} was registered and is not there`);
    await rooms.agents.heartbeat(ctx, row, heartbeatOf(1, [], time.now()));
    return row.agent_id;
  });
  if (ending.ended !== "returned")
    throw new Error(`An agent was not registered: it ${ending.ended}`, { cause: ending });
  return ending.value;
}

function registrationOf({ capabilities, capacity }: Scenario["agents"][number], chance: Chance) {
  const x = Buffer.from(Array.from({ length: 32 }, () => chance.between(0, 255))).toString("base64url");
  return {
    agent_type: "worker" as const,
    phase_ids: ["PHASE_BACKLOG", "PHASE_BUILD", "PHASE_CHECK"],
    capabilities,
    capacity,
    version: "1.0.0",
    public_key: { kty: "OKP" as const, crv: "Ed25519" as const, x },
  };
}
