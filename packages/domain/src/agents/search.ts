import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { byFit, fitOf, isEligible } from "./best-fit.ts";
import { missesOf } from "./ladder.ts";
import type { AgentRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { shownStatus } from "./status.ts";

/** Agents of one class that are looked at. */
const OF_A_CLASS = 100;

/** Active agents that have at least one of the capabilities, best fit first. */
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
  const found = await Promise.all(
    classes.map(async (row) => {
      const { rows } = await parts.store.list("agent", `class#${row.class_id}`, { limit: OF_A_CLASS });
      return rows.filter(asked).map((agent) => ({ agent, offered: row.capabilities }));
    }),
  );
  const pulses = await pulsesOf(parts, found.flat());
  const items = found.flat().map(({ agent, offered }) => {
    const misses = missesOf(agent, pulses.get(agent.agent_id));
    const { agent_id, agent_name, agent_type } = agent;
    const fit = fitOf(agent, offered, misses, { capabilities, phase_id });
    return { agent_id, agent_name, agent_type, status: shownStatus(agent), ...fit };
  });
  return { items: items.sort(byFit).slice(0, limit) };
}

async function pulsesOf({ pulse }: Pick<AgentParts, "pulse">, found: readonly { agent: AgentRow }[]) {
  const ids = found.map(({ agent }) => agent.agent_id);
  const pages = Array.from({ length: Math.ceil(ids.length / 100) }, (_, n) => ids.slice(n * 100, n * 100 + 100));
  const rows = (await Promise.all(pages.map((page) => pulse.getMany(page)))).flat();
  return new Map(rows.map((row) => [row.agent_id, row]));
}
