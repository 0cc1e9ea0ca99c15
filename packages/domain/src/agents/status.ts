import type { AgentStatus } from "@omoios/contracts/shapes/agent";
import { machine } from "@omoios/kernel/machine";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import type { EventDraft } from "../commit.ts";
import { heldTasks } from "./acting.ts";
import type { AgentRow, StoredAgentStatus } from "./model.ts";

/** What an agent may leave to, as the specification's table has it. IDLE and RUNNING follow from the slots, one from the other. */
export const agentLifecycle = machine<AgentStatus>({
  SPAWNING: ["IDLE", "DEGRADED", "FAILED", "TERMINATED"],
  IDLE: ["RUNNING", "DEGRADED", "QUARANTINED", "TERMINATED"],
  RUNNING: ["IDLE", "DEGRADED", "FAILED", "QUARANTINED", "TERMINATED"],
  DEGRADED: ["IDLE", "RUNNING", "FAILED", "QUARANTINED", "TERMINATED"],
  FAILED: ["QUARANTINED", "TERMINATED"],
  QUARANTINED: ["IDLE", "TERMINATED"],
  TERMINATED: [],
});

/** The status as it is shown: an agent that holds tasks is RUNNING. */
export function shownStatus(agent: Pick<AgentRow, "status" | "slots">): AgentStatus {
  return agent.status === "IDLE" && Object.keys(agent.slots).length > 0 ? "RUNNING" : agent.status;
}

interface StatusChange {
  /** What is to be stored: RUNNING follows from IDLE and the slots. */
  to: StoredAgentStatus;
  why: string;
  /** A guardian's change skips the table, and its event says so. */
  forced?: boolean;
}

/** The agent in another status, with the event that says who, why, and over which task (of several that it held, one). The same status is refused, even by force. */
export function changeStatus(
  agent: AgentRow,
  { to, why, forced = false }: StatusChange,
): Outcome<{ after: AgentRow; event: EventDraft }> {
  const after: AgentRow = { ...agent, status: to, why };
  const [from, shown] = [shownStatus(agent), shownStatus(after)];
  if (from === shown || (!forced && !agentLifecycle.can(from, shown))) {
    const detail =
      from === shown ? `The agent is ${from} already.` : `An agent that is ${from} does not become ${shown}.`;
    return refused("agent.status_refused", {
      detail,
      extra: { agent_status: from, allowed: agentLifecycle.transitions[from] },
    });
  }
  const [task_id] = heldTasks(agent);
  const data = { from, to: shown, ...(task_id === undefined ? {} : { task_id }), ...(forced ? { forced } : {}) };
  return accepted({ after, event: { type: "agent.status_changed", data } });
}
