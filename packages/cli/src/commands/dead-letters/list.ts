import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { given, wholeNumber } from "../../parse-option.ts";

interface Options {
  status?: "open" | "redriven";
  phase?: string;
  limit: number;
}

export const deadLettersList = command<[], Options>({
  usage: "list",
  about: "list tasks that failed for good, newest first",
  options: (made) =>
    made
      .option("--status <word>", "open or redriven; open unless given")
      .option("--phase <phase_id>", "those of this phase")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { status, phase: phase_id, limit }) {
    const page = await firstItems(await cli.client(), "listDeadLetters", { query: given({ status, phase_id }) }, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "DEAD LETTER", value: ({ id }) => id },
          { head: "TASK", value: ({ task_id }) => task_id },
          { head: "PHASE", value: ({ phase_id: phase }) => phase },
          { head: "STATUS", value: (letter) => letter.status },
          { head: "AT", value: ({ at }) => clockTime(at) },
          { head: "ERROR", value: ({ error }) => `${error.kind}: ${error.message}`, cut: true },
        ],
        "no dead letters",
      ),
    );
  },
});
