import type { Rooms } from "@omoios/app/rooms";
import type { Chance } from "../../chance.ts";
import { type Api, insistOn } from "../../plane/api.ts";
import type { VirtualTime } from "../../virtual-time.ts";

type NewTask = Parameters<Rooms["tickets"]["addTasks"]>[2][number];

interface DeskParts {
  time: VirtualTime;
  chance: Chance;
  api: Api;
}

/** Opens a ticket, in the first phase of the workflow of that name, and gives what makes its tasks. */
export async function openTicket(parts: DeskParts, workflow: string) {
  let calls = 0;
  const insist = (route: string, act: Parameters<typeof insistOn>[2]) =>
    insistOn(parts, { id: `backlog-${calls++}`, route }, act);
  const ticket = { title: "Game day", workflow };
  const opened = await insist("createTicket", async ({ rooms }, ctx) => {
    const { ticket_id, phase_id } = await rooms.tickets.open(ctx, ticket);
    return `${ticket_id} ${phase_id}`;
  });
  const [ticket_id = "", phase_id = ""] = opened.split(" ");
  const make = async (count: number): Promise<void> => {
    const tasks = Array.from({ length: count }, (): NewTask => ({ title: "Work" }));
    await insist("createTasks", async ({ rooms }, ctx) =>
      JSON.stringify(await rooms.tickets.addTasks(ctx, ticket_id, tasks)),
    );
  };
  return { phase_id, make };
}
