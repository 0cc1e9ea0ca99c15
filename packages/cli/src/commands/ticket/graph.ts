import { command } from "../../command.ts";

export const ticketGraph = command<[ticket_id: string]>({
  usage: "graph <ticket_id>",
  about: "show what waits for what among a ticket's tasks, and the longest chain (*)",
  async run(cli, [ticket_id]) {
    const graph = await (await cli.client()).getTicketGraph({ params: { ticket_id } });
    const critical = new Set<string>(graph.critical_path);
    const ready = new Set<string>(graph.ready);
    const waitsFor = (id: string) => graph.edges.filter(({ to }) => to === id).map(({ from }) => from);
    cli.show(graph, () =>
      cli.table(
        graph.nodes,
        [
          { head: "", value: ({ task_id }) => (critical.has(task_id) ? "*" : "") },
          { head: "TASK", value: ({ task_id }) => task_id },
          { head: "STATUS", value: ({ status }) => status, paint: cli.paintStatus },
          { head: "READY", value: ({ task_id }) => (ready.has(task_id) ? "yes" : "") },
          { head: "TITLE", value: ({ title }) => title, cut: true },
          { head: "WAITS FOR", value: ({ task_id }) => waitsFor(task_id).join(" "), cut: true },
        ],
        "no tasks",
      ),
    );
  },
});
