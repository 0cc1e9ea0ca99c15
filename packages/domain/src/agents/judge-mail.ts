import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import { degradeUnheard } from "./ladder.ts";
import { unheardNumber } from "./mail.ts";
import type { PulseRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

/** Degrades the agents that beat, and for several beats have not acknowledged a message. */
export async function judgeMail(parts: AgentParts, ctx: RequestContext, beating: readonly PulseRow[]): Promise<void> {
  const { store, pulse, limits, commit } = parts;
  const owing = beating.filter((row) => unheardNumber(row, ctx.now, limits) !== undefined);
  const agents = await store.getMany(
    "agent",
    owing.map(({ agent_id }) => ({ agent_id })),
  );
  await inTurn(
    agents.filter(({ status }) => status === "IDLE"),
    ({ agent_id }) =>
      untilSettled(async () => {
        const [before, box] = await Promise.all([store.get("agent", { agent_id }), pulse.get(agent_id)]);
        const rung = before && box && degradeUnheard(before, box, ctx.now, limits);
        if (before !== undefined && rung !== undefined) await commit(ctx, [{ kind: "agent", before, ...rung }]);
      }),
  );
}
