import type { Chance } from "@omoios/simulation/chance";
import { type Api, insistOn } from "@omoios/simulation/plane/api";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import type { Faults } from "@omoios/simulation/wire/faults";
import type { Rows } from "../checks/rows.ts";
import type { PlannedCall, Scenario } from "../scenario.ts";
import { handsOn, type Insist } from "./hands-on.ts";

interface OperatorParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  api: Api;
  scenario: Scenario;
  /** What is there, to choose from. */
  rows(): Rows;
}

/** The person who brings the work, and puts hands on it now and then. */
export interface Operator {
  start(): void;
  /** Whether all of the work was brought. */
  readonly done: boolean;
}

export function simulatedOperator(parts: OperatorParts): Operator {
  const { time, chance, scenario } = parts;
  const tickets = new Map<number, string>();
  const made: string[] = [];
  let done = false;
  let keys = 0;

  /** Asks until there is an answer, always with the same key. */
  const insist: Insist = (route, act) => insistOn(parts, { id: `operator-${keys++}`, route }, act);

  const ticketOf = async ({ ticket, gated }: PlannedCall): Promise<string> => {
    const known = tickets.get(ticket);
    if (known !== undefined) return known;
    const given = { title: `Ticket ${ticket}`, workflow: "gated", start: gated };
    const opened = await insist(
      "createTicket",
      async ({ rooms }, ctx) => (await rooms.tickets.open(ctx, given)).ticket_id,
    );
    tickets.set(ticket, opened);
    return opened;
  };

  /** A task to wait for: not seldom one that has failed or was cancelled by now. */
  const anEarlierTask = (): string => {
    const lost = [...parts.rows().tasks.values()].filter(({ status }) => status === "failed" || status === "cancelled");
    return lost.length > 0 && chance.percent(40) ? chance.one(lost).task_id : chance.one(made);
  };

  const bring = async (call: PlannedCall): Promise<void> => {
    const ticket_id = await ticketOf(call);
    const earlier = Array.from({ length: made.length === 0 ? 0 : call.waits_for_earlier }, anEarlierTask);
    const tasks = call.tasks.map((task, index) =>
      index === 0 ? { ...task, depends_on: [...(task.depends_on ?? []), ...earlier] } : task,
    );
    const answer = await insist("createTasks", async ({ rooms }, ctx) =>
      JSON.stringify(await rooms.tickets.addTasks(ctx, ticket_id, tasks)),
    );
    made.push(...(JSON.parse(answer) as { task_id: string }[]).map(({ task_id }) => task_id));
  };

  return {
    get done() {
      return done;
    },
    start() {
      void (async () => {
        for (const call of scenario.calls) {
          await bring(call);
          await time.sleep(chance.between(0, 40_000));
        }
        done = true;
      })();
      void handsOn(parts, insist);
    },
  };
}
