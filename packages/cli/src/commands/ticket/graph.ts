import { command } from "../../command.ts";

export const ticketGraph = command<[ticket_id: string]>({
  usage: "graph <ticket_id>",
  about: "show what each of a ticket's tasks still waits for, and the longest chain (*)",
  async run(cli, [ticket_id]) {
    const graph = await (await cli.client()).getTicketGraph({ params: { ticket_id } });
    const critical = new Set<string>(graph.critical_path);
    const ready = new Set<string>(graph.ready);
    cli.show(graph, () =>
      cli.table(
        graph.nodes,
        [
          { head: "", value: ({ task_id }) => (critical.has(task_id) ? "*" : "") },
          { head: "TASK", value: ({ task_id }) => task_id },
          { head: "STATUS", value: ({ status }) => status, paint: cli.paintStatus },
          { head: "READY", value: ({ task_id }) => (ready.has(task_id) ? "yes" : "") },
          { head: "TITLE", value: ({ title }) => title, cut: true },
          { head: "WAITS FOR", value: ({ blocked_by }) => blocked_by.join(" "), cut: true },
        ],
        "no tasks",
      ),
    );
  },
});
