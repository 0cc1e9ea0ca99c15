import { ApiProblem } from "@omoios/sdk/api-problem";
import type { Client } from "@omoios/sdk/client";
import { wait } from "@omoios/sdk/wait";
import type { Desk } from "./desk.ts";

const LOOK_MS = 250;
/** An agent that holds a task is ended after 50 s at the latest, by the shipped limits. */
const LOOKS = 360;
const OVER = "The game day is over";

/** Ends the ticket and the agents of a run, and waits until they have ended. Says what is left. */
export async function leaveNothing(operator: Client, desk: Desk, agents: ReadonlySet<string>): Promise<string[]> {
  await desk.close().catch(unless("ticket.closed"));
  // First the tasks: an agent that holds none is ended at once, and nobody misses its beats.
  const tasks = await untilNone(desk.open);
  for (const agent_id of agents) {
    const body = { reason: OVER };
    await operator.deleteAgent({ params: { agent_id }, body }).catch(unless("agent.ended", "agent.not_found"));
  }
  const left = new Set(agents);
  await untilNone(async () => {
    for (const agent_id of left) {
      const { status } = await operator.getAgent({ params: { agent_id } });
      if (status === "TERMINATED") left.delete(agent_id);
    }
    return left.size;
  });
  return [
    ...Array.from(left, (agent_id) => `agent ${agent_id} has not ended: omoi agent remove ${agent_id}`),
    ...(tasks > 0 ? [`${tasks} tasks of ${desk.ticket_id} have not ended`] : []),
  ];
}

async function untilNone(count: () => Promise<number>): Promise<number> {
  let left = await count();
  for (let looks = 0; looks < LOOKS && left > 0; looks++) {
    await wait(LOOK_MS);
    left = await count();
  }
  return left;
}

/** Takes a refusal with one of these codes for an answer. */
export const unless =
  (...codes: string[]) =>
  (error: unknown): void => {
    if (!(error instanceof ApiProblem && codes.includes(error.code))) throw error;
  };
