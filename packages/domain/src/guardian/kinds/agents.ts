import type { InterventionState } from "@omoios/contracts/shapes/guardian";
import { isId } from "@omoios/kernel/ids";
import { accepted } from "@omoios/kernel/outcome";
import type { AgentRow, StoredAgentStatus } from "../../agents/model.ts";
import { moveCapacity, type Pair } from "../../agents/move-capacity.ts";
import type { Store } from "../../store.ts";
import { type Kind, seenAs } from "../hands.ts";

/** IDLE and RUNNING are one here: the slots tell them apart, and they come and go. */
const standingOf = ({ status, why, probe }: AgentRow): InterventionState => ({
  status,
  why: why ?? null,
  probe: probe ?? false,
});

const capacitiesOf = ({ giver, taker }: Pair): InterventionState => ({
  capacity: giver.capacity,
  to_capacity: taker.capacity,
});

async function agentOf(store: Store, agent_id: string | undefined): Promise<AgentRow | undefined> {
  return agent_id !== undefined && isId("agent", agent_id) ? store.get("agent", { agent_id }) : undefined;
}

const look: Kind["look"] = async ({ store }, { target }) => {
  const agent = await agentOf(store, target.id);
  return agent && standingOf(agent);
};

export const quarantine: Kind = {
  act: ({ hands }, ctx, { target, reason }, beside) =>
    hands.quarantine(ctx, target.id, reason, seenAs(standingOf, beside)),
  undo({ hands }, ctx, { target, before }, by_time, beside) {
    const { status, why } = before;
    // Nobody has cleared an agent whose time is over: it comes back as every one from quarantine does, by a probe task.
    const probe = by_time || before.probe === true ? (true as const) : undefined;
    const to = { status: status as StoredAgentStatus, why: typeof why === "string" ? why : undefined, probe };
    return hands.leaveQuarantine(ctx, target.id, to, seenAs(standingOf, beside));
  },
  look,
};

export const release: Kind = {
  act: ({ hands }, ctx, { target, reason }, beside) =>
    hands.release(ctx, target.id, reason, seenAs(standingOf, beside)),
  undo: ({ hands }, ctx, { target, before }, _by_time, beside) =>
    hands.quarantine(ctx, target.id, String(before.why ?? ""), seenAs(standingOf, beside)),
  look,
};

export const reallocateCapacity: Kind = {
  act({ hands }, ctx, { target, parameters: { to_agent_id = "", amount = 1 } }, beside) {
    const of = { giver_id: target.id, taker_id: to_agent_id };
    return hands.changeCapacities(ctx, of, (pair) => moveCapacity(pair, amount), seenAs(capacitiesOf, beside));
  },
  undo({ hands }, ctx, { target, parameters: { to_agent_id = "" }, before }, _by_time, beside) {
    const of = { giver_id: target.id, taker_id: to_agent_id };
    const restored = ({ giver, taker }: Pair): Pair => ({
      giver: { ...giver, capacity: Number(before.capacity) },
      taker: { ...taker, capacity: Number(before.to_capacity) },
    });
    return hands.changeCapacities(ctx, of, (pair) => accepted(restored(pair)), seenAs(capacitiesOf, beside));
  },
  async look({ store }, { target, parameters }) {
    const [giver, taker] = await Promise.all([agentOf(store, target.id), agentOf(store, parameters.to_agent_id)]);
    return giver && taker && capacitiesOf({ giver, taker });
  },
};
