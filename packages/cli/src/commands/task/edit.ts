import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { changesOf, orNull, upperCase, wholeNumber } from "../../parse-option.ts";
import { taskText } from "../../rows/task.ts";

interface Options {
  title?: string;
  description?: string | false;
  priority?: NonNullable<CallRequest<"patchTask">["body"]>["priority"];
  deadline?: string | false;
  ifVersion?: number;
}

export const taskEdit = command<[task_id: string], Options>({
  usage: "edit <task_id>",
  about: "change the priority, deadline or words of a task that has not ended",
  options: (made) =>
    made
      .option("--title <text>", "another title")
      .option("--description <text>", "what is to be done")
      .option("--no-description", "without one")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--deadline <time>", "RFC 3339: 2026-01-31T17:00:00Z")
      .option("--no-deadline", "without one")
      .option("--if-version <number>", "only if it has not changed since that version", wholeNumber),
  async run(cli, [task_id], { title, description, priority, deadline, ifVersion: if_match }) {
    const body = changesOf({ title, description: orNull(description), priority, deadline_at: orNull(deadline) });
    const client = await cli.client();
    const task = await client.patchTask({ params: { task_id }, body }, if_match === undefined ? {} : { if_match });
    cli.show(task, () => taskText(cli, task));
  },
});
