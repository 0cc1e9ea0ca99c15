import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";

export const ticketGenerateTasks = command<[ticket_id: string], { phase?: string }>({
  usage: "generate-tasks <ticket_id>",
  about: "make the tasks of the phase's templates, once per visit; made already, they are named again",
  options: (made) => made.option("--phase <phase_id>", "only if the ticket stands in it"),
  async run(cli, [ticket_id], { phase: phase_id }) {
    const made = await (await cli.client()).generateTasks({ params: { ticket_id }, body: given({ phase_id }) });
    cli.show(
      made,
      () => made.tasks.map(({ task_id }) => `${task_id}\n`).join("") || "the phase makes no task for it\n",
    );
  },
});
