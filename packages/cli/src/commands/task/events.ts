import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { wholeNumber } from "../../parse-option.ts";
import { eventLine } from "../../rows/event.ts";

export const taskEvents = command<[task_id: string], { limit: number }>({
  usage: "events <task_id>",
  about: "list a task's events, oldest first",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 200),
  async run(cli, [task_id], { limit }) {
    const page = await firstItems(await cli.client(), "listTaskEvents", { params: { task_id } }, limit);
    cli.showList(page, { limit }, () => page.items.map((event) => `${eventLine(event)}\n`).join(""));
  },
});
