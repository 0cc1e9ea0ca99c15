import { command } from "../../command.ts";
import { taskText } from "../../rows/task.ts";

export const taskRetry = command<[task_id: string], { reason: string }>({
  usage: "retry <task_id>",
  about: "open a new attempt of a failed or cancelled task",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the task's events"),
  async run(cli, [task_id], { reason }) {
    const task = await (await cli.client()).retryTask({ params: { task_id }, body: { reason } });
    cli.show(task, () => taskText(cli, task));
  },
});
