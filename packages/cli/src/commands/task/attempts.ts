import { command } from "../../command.ts";
import { lastItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { wholeNumber } from "../../parse-option.ts";

export const taskAttempts = command<[task_id: string], { limit: number }>({
  usage: "attempts <task_id>",
  about: "list the newest attempts at a task, the last at the end",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 500),
  async run(cli, [task_id], { limit }) {
    const page = await lastItems(await cli.client(), "listTaskAttempts", { params: { task_id } }, limit);
    cli.showList(page, { limit, left: "earlier ones" }, () =>
      cli.table(
        page.items,
        [
          { head: "ATTEMPT", value: ({ attempt }) => String(attempt), right: true },
          { head: "FENCE", value: ({ fence }) => String(fence), right: true },
          { head: "OUTCOME", value: ({ outcome }) => outcome, paint: cli.paintStatus },
          { head: "STARTED", value: ({ started_at }) => clockTime(started_at) },
          { head: "ENDED", value: ({ ended_at }) => clockTime(ended_at) },
          { head: "AGENT", value: ({ agent_id }) => agent_id ?? "", cut: true },
          { head: "ERROR OR REASON", value: ({ error, reason }) => error?.message ?? reason ?? "", cut: true },
        ],
        "no attempts",
      ),
    );
  },
});
