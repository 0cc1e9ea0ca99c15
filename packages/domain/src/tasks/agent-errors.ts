import { cutToBytes } from "@omoios/kernel/cut-text";
import type { TaskId } from "@omoios/kernel/ids";
import { heldTasks } from "../agents/acting.ts";
import type { TaskError } from "../agents/life-rows.ts";
import type { AgentRow } from "../agents/model.ts";
import type { TaskParts } from "./parts.ts";

/** Attempts of one task that are looked at, errors that are kept, and how much of a message. */
const ATTEMPTS = 5;
const ERRORS = 20;
const MESSAGE_BYTES = 1_000;

/** What went wrong lately with the tasks that the agent holds or has failed, newest first. */
export async function errorsOf({ store }: Pick<TaskParts, "store">, agent: AgentRow): Promise<TaskError[]> {
  const task_ids = new Set([...heldTasks(agent), ...(Object.keys(agent.failed) as TaskId[])]);
  const pages = await Promise.all(
    [...task_ids].map((task_id) => store.page("attempt", { task_id }, { limit: ATTEMPTS, newest_first: true })),
  );
  return pages
    .flatMap(({ rows }) => rows)
    .flatMap(({ task_id, agent_id, error }) =>
      error === undefined || agent_id !== agent.agent_id
        ? []
        : [{ task_id, kind: error.kind, message: cutToBytes(error.message, MESSAGE_BYTES), at: error.at }],
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, ERRORS);
}
