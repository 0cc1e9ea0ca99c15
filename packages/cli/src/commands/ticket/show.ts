import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { taskColumns } from "../../rows/task.ts";
import { ticketText } from "../../rows/ticket.ts";

/** As many tasks as a person looks through. */
const TASKS_SHOWN = 500;

export const ticketShow = command<[ticket_id: string]>({
  usage: "show <ticket_id>",
  about: "show a ticket and its tasks",
  async run(cli, [ticket_id]) {
    const client = await cli.client();
    const request = { params: { ticket_id } };
    const [ticket, tasks] = await Promise.all([
      client.getTicket(request),
      firstItems(client, "listTicketTasks", request, TASKS_SHOWN),
    ]);
    cli.show({ ...ticket, tasks: tasks.items, more_tasks: tasks.more }, () =>
      [ticketText(cli, ticket), cli.table(tasks.items, taskColumns(cli), "no tasks")].join("\n"),
    );
    if (tasks.more) cli.note(`there are more tasks: omoi task list --ticket ${ticket_id} --limit ${TASKS_SHOWN * 2}`);
  },
});
