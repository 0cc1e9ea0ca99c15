import type { LateWord } from "../actors/life.ts";
import type { Rows } from "./rows.ts";

/** Agents that have ended hold nothing. */
export function slotFaults({ agents }: Rows): string[] {
  return agents
    .filter(({ status, slots }) => (status === "FAILED" || status === "TERMINATED") && Object.keys(slots).length > 0)
    .map(({ agent_id, status, slots }) => `${agent_id} is ${status} and holds ${Object.keys(slots).length} slots`);
}

/** Each agent that is held to its beats has a pulse, and one that has failed by them has none. */
export function pulseFaults(items: readonly (Record<string, unknown> | undefined)[], { agents }: Rows): string[] {
  const beating = new Set(items.filter((item) => String(item?.pk).startsWith("pulse#")).map((item) => item?.sk));
  return agents.flatMap(({ agent_id, status }) => {
    const watched = status === "IDLE" || status === "DEGRADED";
    if (watched && !beating.has(agent_id)) return [`${agent_id} is ${status} and has no pulse`];
    return status === "FAILED" && beating.has(agent_id) ? [`${agent_id} has failed and has a pulse`] : [];
  });
}

/** What an agent said after it had ended is kept as an orphan, unless the same was heard of it in time. */
export function lateFaults(late: readonly LateWord[], { attempts }: Rows): string[] {
  return late.flatMap(({ agent_id, task_id, fence, word }) =>
    attempts.some(
      (row) =>
        row.task_id === task_id &&
        row.fence === fence &&
        row.agent_id === agent_id &&
        (row.orphan !== "" || row.outcome === word.outcome),
    )
      ? []
      : [
          `${agent_id} said after its end that ${task_id} ${word.outcome} under fence ${fence}, and nothing is kept of it`,
        ],
  );
}
