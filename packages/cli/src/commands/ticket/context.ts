import type { TaskContext } from "@omoios/contracts/views/task";
import { command } from "../../command.ts";
import { collect, given, wholeNumber } from "../../parse-option.ts";

interface Options {
  budgetTokens?: number;
  note?: string[];
  decision?: string[];
  risk?: string[];
}

export const ticketContext = command<[ticket_id: string], Options>({
  usage: "context <ticket_id>",
  about: "show what the ticket's phases produced so far, as its tasks are told it; add to it",
  options: (made) =>
    made
      .option("--budget-tokens <number>", "how much of it at most: 8,000 unless given", wholeNumber)
      .option("--note <text>", "add a note; may be given several times", collect)
      .option("--decision <text>", "add a decision; may be given several times", collect)
      .option("--risk <text>", "add a risk; may be given several times", collect),
  async run(cli, [ticket_id], { budgetTokens: budget_tokens, note: notes, decision: decisions, risk: risks }) {
    const client = await cli.client();
    const params = { ticket_id };
    const body = given({ notes, decisions, risks });
    if (Object.keys(body).length > 0) await client.updateTicketContext({ params, body });
    const context = await client.getTicketContext({ params, query: given({ budget_tokens }) });
    cli.show(context, () => contextText(context));
  },
});

function contextText({ budget_tokens, tokens, cut, artifacts, handoffs, ...texts }: TaskContext): string {
  const lists: [head: string, lines: string[]][] = [
    ["decisions", texts.decisions],
    ["risks", texts.risks],
    ["feedback", texts.feedback],
    ["errors", texts.errors],
    ["handoffs", handoffs.map(({ task_id, from, handoff }) => `${task_id} (${from}): ${JSON.stringify(handoff)}`)],
    [
      "artifacts",
      artifacts.map(({ type, path, url }) => [type, path ?? url].filter((part) => part !== null).join(" ")),
    ],
    ["summaries", texts.summaries],
    ["notes", texts.notes],
    ["cut", cut],
  ];
  const shown = lists.flatMap(([head, lines]) =>
    lines.length === 0 ? [] : [`${head}\n${lines.map((line) => `- ${line.replaceAll("\n", "\n  ")}\n`).join("")}`],
  );
  return [...shown, `${tokens} of ${budget_tokens} tokens\n`].join("\n");
}
