import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { byFit, fitOf, isEligible } from "./best-fit.ts";
import { missesOf } from "./ladder.ts";
import type { AgentRow } from "./model.ts";
import { agentsOfClasses } from "./of-classes.ts";
import type { AgentParts } from "./parts.ts";
import { shownStatus } from "./status.ts";

/** Active agents that have at least one of the capabilities, best fit first. `more` says that not all of them were compared. */
export async function search(
  parts: AgentParts,
  { capabilities = [], phase_id, status, limit }: RouteInput<"searchAgents">["query"],
): Promise<RouteReply<"searchAgents">> {
  const classes = (await parts.store.all("agent_class", {})).filter(
    (row) =>
      (phase_id === undefined || row.phase_ids.includes(phase_id)) &&
      (capabilities.length === 0 || capabilities.some((word) => row.capabilities.includes(word))),
  );
  const asked = (agent: AgentRow) =>
    isEligible(agent) && (status === undefined ? agent.status === "IDLE" : shownStatus(agent) === status);
  const { found, more } = await agentsOfClasses(parts, classes);
  const able = found.filter(({ agent }) => asked(agent));
  const beats = await parts.pulse.getMany(able.map(({ agent }) => agent.agent_id));
  const pulses = new Map(beats.map((row) => [row.agent_id, row]));
  const items = able.map(({ agent, of }) => {
    const misses = missesOf(agent, pulses.get(agent.agent_id));
    const { agent_id, agent_name, agent_type } = agent;
    const fit = fitOf(agent, of.capabilities, misses, { capabilities, phase_id });
    return { agent_id, agent_name, agent_type, status: shownStatus(agent), ...fit };
  });
  return { items: items.sort(byFit).slice(0, limit), more };
}
