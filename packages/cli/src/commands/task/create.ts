import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { commaList, given, upperCase, wholeNumber } from "../../parse-option.ts";
import { taskText } from "../../rows/task.ts";

type Body = CallRequest<"createTask">["body"];

interface Options {
  description?: string;
  phase?: string;
  type?: string;
  priority?: NonNullable<Body["priority"]>;
  capabilities?: string[];
  dependsOn?: string[];
  maxRetries?: number;
  timeoutSeconds?: number;
  deadline?: string;
}

export const taskCreate = command<[ticket_id: string, title: string], Options>({
  usage: "create <ticket_id> <title>",
  about: "make a task of a ticket",
  options: (made) =>
    made
      .option("--description <text>", "what is to be done")
      .option("--phase <phase_id>", "the ticket's unless given")
      .option("--type <word>", "in snake_case")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--capabilities <a,b>", "what its agent must be able to do", commaList)
      .option("--depends-on <task_id,…>", "tasks that must complete before", commaList)
      .option("--max-retries <number>", "after failures", wholeNumber)
      .option("--timeout-seconds <number>", "of one attempt", wholeNumber)
      .option("--deadline <time>", "RFC 3339: 2026-01-31T17:00:00Z"),
  async run(cli, [ticket_id, title], options) {
    const { description, phase: phase_id, type: task_type, priority, capabilities: required_capabilities } = options;
    const { dependsOn: depends_on, maxRetries: max_retries, timeoutSeconds: timeout_seconds } = options;
    const words = { description, phase_id, task_type, priority, required_capabilities, depends_on };
    const limits = { max_retries, timeout_seconds, deadline_at: options.deadline };
    const body = { ticket_id, title, ...given(words), ...given(limits) };
    const task = await (await cli.client()).createTask({ body });
    cli.show(task, () => taskText(cli, task));
  },
});
