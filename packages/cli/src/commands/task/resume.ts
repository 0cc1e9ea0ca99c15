import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { taskText } from "../../rows/task.ts";

export const taskResume = command<[task_id: string], { answer?: string }>({
  usage: "resume <task_id>",
  about: "let a waiting task go on",
  options: (made) => made.option("--answer <text>", "to its question; the next agent reads it"),
  async run(cli, [task_id], { answer }) {
    const task = await (await cli.client()).resumeTask({ params: { task_id }, body: given({ answer }) });
    cli.show(task, () => taskText(cli, task));
  },
});
