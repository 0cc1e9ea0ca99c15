import { type AgentId, isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { WholeAgent } from "./ending.ts";
import type { AgentProfileRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

export type ShownAgent = Pick<WholeAgent, "agent" | "profile">;

export async function findAgent(
  { store }: Pick<AgentParts, "store">,
  agent_id: string,
): Promise<ShownAgent | undefined> {
  if (!isId("agent", agent_id)) return undefined;
  const [agent, profile] = await Promise.all([
    store.get("agent", { agent_id }),
    store.get("agent_profile", { agent_id }),
  ]);
  return agent === undefined || profile === undefined ? undefined : { agent, profile };
}

/** Throws `agent.not_found`. */
export async function expectAgent(parts: Pick<AgentParts, "store">, agent_id: string): Promise<ShownAgent> {
  const shown = await findAgent(parts, agent_id);
  if (shown === undefined) throw new Problem("agent.not_found");
  return shown;
}

/** The agent with the rows that end with it. */
export async function withKey({ store }: Pick<AgentParts, "store">, shown: ShownAgent): Promise<WholeAgent> {
  const key = await store.get("agent_key", { key_id: shown.agent.key_id });
  // A retired key stays so when its agent ends.
  const held = key?.agent_id === shown.agent.agent_id && key.retired_at === undefined;
  return { ...shown, key: held ? key : undefined };
}

/** Its line is looked back on no further: each restart and each failure is one more. */
const LINE = 50;

/** The agents that this one replaces, the nearest first. */
export async function* lineOf(
  parts: Pick<AgentParts, "store">,
  profile: Pick<AgentProfileRow, "replaces">,
): AsyncGenerator<ShownAgent> {
  let before: AgentId | undefined = profile.replaces;
  for (let n = 0; n < LINE && before !== undefined; n++) {
    const shown = await findAgent(parts, before);
    if (shown === undefined) return;
    yield shown;
    before = shown.profile.replaces;
  }
}

/** The first agent of the line that an agent is of, as far as it is known. */
export async function lineStart(parts: Pick<AgentParts, "store">, agent_id: string): Promise<string> {
  const shown = await findAgent(parts, agent_id);
  let first: string = agent_id;
  if (shown !== undefined) for await (const { agent } of lineOf(parts, shown.profile)) first = agent.agent_id;
  return first;
}
