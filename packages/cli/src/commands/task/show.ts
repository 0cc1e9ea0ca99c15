import { command } from "../../command.ts";
import { taskText } from "../../rows/task.ts";

export const taskShow = command<[task_id: string]>({
  usage: "show <task_id>",
  about: "show a task with its result, errors and dependencies",
  async run(cli, [task_id]) {
    const task = await (await cli.client()).getTask({ params: { task_id } });
    cli.show(task, () => taskText(cli, task));
  },
});
