import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { wholeNumber } from "../../parse-option.ts";

export const ticketArtifacts = command<[ticket_id: string], { limit: number }>({
  usage: "artifacts <ticket_id>",
  about: "list the newest revision of each artifact",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 500),
  async run(cli, [ticket_id], { limit }) {
    const page = await firstItems(await cli.client(), "listTicketArtifacts", { params: { ticket_id } }, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "ARTIFACT", value: ({ artifact_id }) => artifact_id },
          { head: "TYPE", value: ({ type }) => type },
          { head: "REV", value: ({ revision }) => String(revision), right: true },
          { head: "PHASE", value: ({ phase_id, visit }) => `${phase_id} #${visit}` },
          {
            head: "WHERE",
            value: ({ path, url, content }) => path ?? url ?? `${(content ?? "").length} characters`,
            cut: true,
          },
          { head: "METADATA", value: ({ metadata }) => JSON.stringify(metadata), cut: true },
        ],
        "no artifacts",
      ),
    );
  },
});
