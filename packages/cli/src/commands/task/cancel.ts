import { command } from "../../command.ts";
import { taskText } from "../../rows/task.ts";

export const taskCancel = command<[task_id: string], { reason: string }>({
  usage: "cancel <task_id>",
  about: "cancel a task that has not ended",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the task's events"),
  async run(cli, [task_id], { reason }) {
    const task = await (await cli.client()).cancelTask({ params: { task_id }, body: { reason } });
    cli.show(task, () => taskText(cli, task));
  },
});
