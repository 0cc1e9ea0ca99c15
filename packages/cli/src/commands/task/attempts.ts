import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";

export const taskAttempts = command<[task_id: string]>({
  usage: "attempts <task_id>",
  about: "list every attempt at a task, oldest first",
  async run(cli, [task_id]) {
    const page = await firstItems(await cli.client(), "listTaskAttempts", { params: { task_id } }, 500);
    cli.show(page, () =>
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
