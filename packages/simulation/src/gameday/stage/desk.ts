import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";

/** The ticket of a run, whose tasks nobody but the run's agents can take. */
export interface Desk {
  readonly ticket_id: string;
  readonly phase_id: string;
  /** What its tasks require, and its agents have. */
  readonly capability: string;
  make(tasks: number): Promise<unknown>;
  /** How many of its tasks are held without progress. */
  stuck(): Promise<number>;
  /** How many of its tasks have not ended. */
  open(): Promise<number>;
  close(): Promise<void>;
}

const ENDED: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

export async function openDesk(operator: Client, title: string): Promise<Desk> {
  const capability = `gameday:${newId("task", systemRandom).slice(-12).toLowerCase()}`;
  const { ticket_id, phase_id } = await operator.createTicket({ body: { title, labels: ["game-day"] } });
  const params = { ticket_id };
  const counted = async (which: (task: { stuck: boolean; status: string }) => boolean): Promise<number> => {
    let count = 0;
    for await (const task of paginate(operator, "listTicketTasks", { params, query: { limit: 100 } })) {
      if (which(task)) count++;
    }
    return count;
  };
  return {
    ticket_id,
    phase_id,
    capability,
    make(count) {
      const tasks = Array.from({ length: count }, () => ({ title: "Work", required_capabilities: [capability] }));
      return operator.createTasks({ params, body: { tasks } });
    },
    stuck: () => counted(({ stuck }) => stuck),
    open: () => counted(({ status }) => !ENDED.has(status)),
    async close() {
      await operator.cancelTicket({ params, body: { reason: "The game day is over" } });
    },
  };
}
