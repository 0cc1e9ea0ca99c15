import { inTurn } from "../in-turn.ts";
import type { RowOf } from "../rows.ts";
import type { Store } from "../store.ts";
import type { AgentRow } from "./model.ts";

/** Once so many were found, no further page is read. */
const MOST_AGENTS = 1_000;
const PAGE = 100;

type ClassRow = RowOf<"agent_class">;

/** An agent, with its class: what it offers, and where. */
export interface OfClass {
  agent: AgentRow;
  of: ClassRow;
}

/** The agents of these classes that may take work, some 1,000 at most. `more` says that not all were looked at. */
export async function agentsOfClasses(
  { store }: { store: Pick<Store, "list"> },
  classes: readonly ClassRow[],
): Promise<{ found: OfClass[]; more: boolean }> {
  const found: OfClass[] = [];
  let more = false;
  await inTurn(classes, async (of) => {
    let cursor: string | undefined;
    do {
      if (found.length >= MOST_AGENTS) {
        more = true;
        return;
      }
      const page = await store.list("agent", `class#${of.class_id}`, { limit: PAGE, cursor });
      found.push(...page.rows.map((agent) => ({ agent, of })));
      cursor = page.cursor;
    } while (cursor !== undefined);
  });
  return { found, more };
}
