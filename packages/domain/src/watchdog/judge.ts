import type { Remedy } from "@omoios/contracts/shapes/watchdog";
import type { RemediationRow, Seen } from "./model.ts";
import { remedies } from "./remedies.ts";

/** Why nothing more is to be done, if that is so: what was wrong is well again, or somebody else has seen to it. */
export function isWell({ target, agent_id, steps, acted_at }: RemediationRow, seen: Seen): string | undefined {
  if (agent_id !== undefined && seen.replaced_by !== undefined) return `${seen.replaced_by} took its place`;
  if (target.kind !== "agent") return seen.alert_over === true ? "the alert is over" : undefined;
  const { agent } = seen;
  if (agent === undefined) return "there is no such agent any more";
  const beats = agent.status === "IDLE" && agent.misses === 0 && agent.leaving === undefined;
  if (seen.about_life && beats) return "it beats";
  // Once something was done to the agent its alert may end for that alone: an agent that is gone is not unresponsive.
  const untouched = acted_at === undefined && steps.every(({ outcome }) => outcome === "skipped");
  return seen.alert_over === true && (untouched || beats) ? "the alert is over" : undefined;
}

/** What to do about an action now: `do` it; it is `under_way` already; or `pass` it over, with the reason. */
export type Fit = { is: "do" | "under_way" } | { is: "pass"; why: string };

const DO: Fit = { is: "do" };
const pass = (why: string): Fit => ({ is: "pass", why });

/** Whether an action makes sense for the target as it is. It is asked again each time that one is about to be taken. */
export function fitOf(action: Remedy, { target }: Pick<RemediationRow, "target">, seen: Seen): Fit {
  if (!remedies[action].targets.includes(target.kind)) return pass(`a ${target.kind} has no ${action}`);
  if (action === "notify" || action === "escalate" || target.kind !== "agent") return DO;
  const { agent } = seen;
  if (agent === undefined) return pass("there is no such agent");
  if (action === "scale_out") return DO;
  if (action === "requeue_tasks") return agent.tasks > 0 ? DO : pass("it holds no task");
  if (agent.status === "SPAWNING") return pass("it has not begun");
  if (agent.leaving === "deregistration") return pass("it leaves by itself");
  if (action === "quarantine") {
    if (agent.status === "QUARANTINED") return pass("it is in quarantine");
    return agent.status === "TERMINATED" ? pass("it has ended") : DO;
  }
  if (action === "failover") return agent.status === "TERMINATED" && !agent.missed ? pass("it was deregistered") : DO;
  if (agent.status === "QUARANTINED") return pass("it is in quarantine, which the guardian ends");
  if (action === "restart" && (agent.leaving === "restart" || (agent.status === "TERMINATED" && agent.missed)))
    return { is: "under_way" };
  if (agent.status === "TERMINATED") return pass("it has ended");
  if (action === "recycle_token" && agent.key_revoked) return { is: "under_way" };
  return DO;
}

/** Whether the effect of the step under way is there. */
export function isVerified(action: Remedy, seen: Seen): boolean {
  switch (action) {
    case "restart":
    case "failover":
    case "recycle_token":
      return seen.replaced_by !== undefined;
    case "scale_out":
      return seen.worker_came || seen.alert_over === true;
    default:
      return true;
  }
}
