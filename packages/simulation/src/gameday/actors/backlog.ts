import type { Rooms } from "@omoios/app/rooms";
import type { Chance } from "../../chance.ts";
import { type Api, insistOn } from "../../plane/api.ts";
import type { VirtualTime } from "../../virtual-time.ts";

type NewTask = Parameters<Rooms["tickets"]["addTasks"]>[2][number];

/** Work that never ends: a ticket, and always a few tasks more than there are agents. */
export interface Backlog {
  readonly phase_id: string;
  /** Goes on filling up for so many agents as there are. */
  fill(agents: () => number): void;
  /** So many tasks at once. */
  flood(tasks: number): Promise<void>;
  completed(): void;
}

interface BacklogParts {
  time: VirtualTime;
  chance: Chance;
  api: Api;
}

const LOOK_MS = 10_000;
/** Tasks ready beside those at work, in rounds of all agents. */
const ROUNDS = 2;
/** The most of one call. */
const BATCH = 100;

/** Opens the ticket, in the first phase of the workflow of that name. */
export async function openBacklog(parts: BacklogParts, workflow: string): Promise<Backlog> {
  let calls = 0;
  let open = 0;
  const insist = (route: string, act: Parameters<typeof insistOn>[2]) =>
    insistOn(parts, { id: `backlog-${calls++}`, route }, act);
  const ticket = { title: "Game day", workflow };
  const opened = await insist("createTicket", async ({ rooms }, ctx) => {
    const { ticket_id, phase_id } = await rooms.tickets.open(ctx, ticket);
    return `${ticket_id} ${phase_id}`;
  });
  const [ticket_id = "", phase_id = ""] = opened.split(" ");

  const add = async (count: number): Promise<void> => {
    open += count;
    for (let left = count; left > 0; left -= BATCH) {
      const tasks = Array.from({ length: Math.min(left, BATCH) }, (): NewTask => ({ title: "Work" }));
      await insist("createTasks", async ({ rooms }, ctx) =>
        JSON.stringify(await rooms.tickets.addTasks(ctx, ticket_id, tasks)),
      );
    }
  };

  return {
    phase_id,
    fill(agents) {
      void (async () => {
        for (;;) {
          const wanted = agents() * (1 + ROUNDS);
          if (open < agents() * ROUNDS) await add(wanted - open);
          await parts.time.sleep(LOOK_MS);
        }
      })();
    },
    flood: add,
    completed() {
      open--;
    },
  };
}
