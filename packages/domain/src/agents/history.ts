import { type Envelope, events } from "@omoios/contracts/events";
import type { RouteReply } from "@omoios/contracts/routes";
import type { PageRequest } from "../store.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent } from "./reads.ts";

type Entry = RouteReply<"listAgentHistory">["items"][number];

/** Changes of an agent's status, newest first, as the log has them. Other events of the agent thin a page. Throws `agent.not_found`. */
export async function history(
  parts: AgentParts,
  agent_id: string,
  page: PageRequest,
): Promise<RouteReply<"listAgentHistory">> {
  const { agent } = await expectAgent(parts, agent_id);
  const { rows, cursor } = await parts.log.ofSubject(agent.agent_id, { ...page, newest_first: true });
  const changes = rows.filter(({ type }) => type === "agent.status_changed");
  return { items: changes.map(entryOf), next_cursor: cursor ?? null };
}

function entryOf({ time, actor, data }: Envelope): Entry {
  const said = events["agent.status_changed"].data().parse(data) as Pick<Entry, "from" | "to"> & Partial<Entry>;
  return {
    at: time,
    from: said.from,
    to: said.to,
    why: said.why ?? null,
    task_id: said.task_id ?? null,
    forced: said.forced ?? false,
    by: actor,
  };
}
