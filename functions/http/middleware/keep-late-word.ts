import type { ApiParts } from "@omoios/app/api-parts";
import type { RouteName } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import type { RequestContext } from "@omoios/domain/commit";
import { type AgentId, isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Input, Step } from "../call.ts";
import { bodyReader } from "../input/body.ts";

/** Keeps what an agent that has ended says about a task, before the refusal is answered: its result is never dropped. */
export function keepLateWord({ late }: Pick<ApiParts, "late">, name: RouteName, row: Route): Step {
  // As with verbs: the row's own schema makes the input, which types cannot say of a name known at run time.
  const keep = late?.[name] as ((ctx: RequestContext, agent_id: AgentId, input: Input) => Promise<void>) | undefined;
  if (keep === undefined) return (_c, next) => next();
  const readBody = bodyReader(row);
  return async (c, next) => {
    await next();
    const agent_id = endedAgent(c.error);
    if (agent_id === undefined) return;
    try {
      const { body } = await readBody(c.req.raw);
      await keep(c.get("call"), agent_id, { params: c.req.param(), query: undefined, body });
    } catch (fault) {
      // A word that cannot be read, or of a task that is not there, cannot be kept. The refusal stands.
      if (!(fault instanceof Problem)) throw fault;
    }
  };
}

/** The agent whose token was good, but for its end. */
function endedAgent(error: Error | undefined): AgentId | undefined {
  if (!(error instanceof Problem) || error.code !== "agent.ended") return undefined;
  const named = String(error.extra.agent_id);
  return isId("agent", named) ? named : undefined;
}
