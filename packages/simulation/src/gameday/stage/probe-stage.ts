import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";
import type { Probes } from "../course.ts";
import type { Desk } from "./desk.ts";

/** How the stage stands now, all of it; stuck tasks are those of the run. */
export async function probeStage(operator: Client, desk: Desk): Promise<Probes> {
  const [firing, stuck, dead_lettered, health] = await Promise.all([
    counted(paginate(operator, "listAlerts", { query: { state: "firing,acknowledged", limit: 100 } })),
    desk.stuck(),
    counted(paginate(operator, "listDeadLetters", { query: { status: "open", limit: 100 } })),
    operator.getFleetHealth(),
  ]);
  return {
    "alerts.firing": firing,
    "tasks.stuck": stuck,
    "tasks.dead_lettered": dead_lettered,
    "agents.active": health.active,
    "agents.failed": health.by_status.FAILED,
  };
}

async function counted(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count++;
  return count;
}
