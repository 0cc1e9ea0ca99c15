import type { TargetKind } from "@omoios/contracts/shapes/guardian";
import { GUARDIAN_ACTIONS } from "@omoios/contracts/shapes/guardian";
import { derivedId } from "@omoios/kernel/ids";
import { digest, shortDigest } from "../digest.ts";
import { type Candidate, chooseAgents } from "./choose-agents.ts";
import type { Order } from "./model.ts";
import type { Policy, Step } from "./policy.ts";
import type { Cue } from "./trigger.ts";

/** What a policy does about a cue: an order for each step, or why there is none, with the order that it would be. The same cue gives the same ids, however often it is heard. */
export function ordersOf(
  policy: Policy,
  cue: Cue,
  candidates: readonly Candidate[],
): ({ order: Order } | { unmet?: Order; why: string })[] {
  return policy.actions.map((step, index) => {
    const named = cue.labels[step.target];
    if (named === undefined || named === "") return { why: `${cue.title} has no ${step.target}` };
    const aim = aimOf(step, named, candidates);
    const { name, cooldown_ms, rollback_after_ms } = policy;
    const mark_id = shortDigest(name, index, named);
    const order: Order = {
      action_id: derivedId("intervention", digest(name, index, cue.cause)),
      action: step.type,
      ...(aim ?? { target: { kind: "phase", id: named }, parameters: {} }),
      reason: `Policy ${name}, for ${cue.title}`,
      policy: { name, cause: cue.cause, mark_id, cooldown_ms, rollback_after_ms },
    };
    return aim === undefined ? { unmet: order, why: `no two agents have capacity to move to ${named}` } : { order };
  });
}

function aimOf(
  { type, priority, amount = 1 }: Step,
  named: string,
  candidates: readonly Candidate[],
): Pick<Order, "target" | "parameters"> | undefined {
  const kind: TargetKind = GUARDIAN_ACTIONS[type].target;
  if (type !== "reallocate_capacity")
    return { target: { kind, id: named }, parameters: priority === undefined ? {} : { priority } };
  const chosen = chooseAgents(candidates, named, amount);
  if (chosen === undefined) return undefined;
  return {
    target: { kind, id: chosen.giver.agent_id },
    parameters: { to_agent_id: chosen.taker.agent_id, amount },
  };
}
