import type { AgentId } from "@omoios/kernel/ids";
import { expect, test } from "vitest";
import type { Store } from "../store.ts";
import { agentRow } from "./agent-row.fixture.ts";
import { agentsOfClasses } from "./of-classes.ts";

const classOf = (class_id: string) => ({ class_id, phase_ids: [], capabilities: [], touched_at: 0, version: 1 });

/** A table whose classes have so many agents each. */
function storeOf(agents: Record<string, number>): Pick<Store, "list"> {
  const list = async (_kind: string, name: string, { limit = 100, cursor = "0" } = {}) => {
    const class_id = name.replace("class#", "");
    const begin = Number(cursor);
    const end = Math.min(begin + limit, agents[class_id] ?? 0);
    const rows = Array.from({ length: end - begin }, (_, n) =>
      agentRow({ class_id, agent_id: `agent_${class_id}_${begin + n}` as AgentId }),
    );
    return { rows, cursor: end < (agents[class_id] ?? 0) ? String(end) : undefined, after: String };
  };
  return { list: list as Store["list"] };
}

test("all agents of a class are looked at, beyond the first page", async () => {
  const { found, more } = await agentsOfClasses({ store: storeOf({ a: 250, b: 3 }) }, [classOf("a"), classOf("b")]);
  expect(more).toBe(false);
  expect(found).toHaveLength(253);
  expect(found.every(({ agent, of }) => agent.class_id === of.class_id)).toBe(true);
});

test("of more agents than one call looks at it is said that there are more", async () => {
  const { found, more } = await agentsOfClasses({ store: storeOf({ a: 5_000 }) }, [classOf("a")]);
  expect(more).toBe(true);
  expect(found).toHaveLength(1_000);
});
