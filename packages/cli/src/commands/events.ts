import type { Client } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { given, wholeNumber } from "../parse-option.ts";
import { eventLine } from "../rows/event.ts";

interface Options {
  follow?: boolean;
  type?: string;
  subject?: string;
  after?: string;
  limit: number;
}

export const events = command<[], Options>({
  usage: "events",
  about: "read the event log in the order of its writing",
  options: (made) =>
    made
      .option("--follow", "go on with what comes, one event a line, until Ctrl-C")
      .option("--type <type>", "only events of this type: task.completed")
      .option("--subject <id>", "only those about this ticket, task or agent")
      .option("--after <cursor>", "go on where an earlier reading ended")
      .option("--limit <number>", "how many at most without --follow", wholeNumber, 100),
  async run(cli, _, { follow, type, subject, after, limit }) {
    const client = await cli.client();
    if (follow) await tellAll(cli, client, given({ type, subject, after }));
    else await tellPage(cli, client, { limit: Math.min(limit, 100), ...given({ type, subject, after }) });
  },
});

async function tellAll(cli: Cli, client: Client, from: { type?: string; subject?: string; after?: string }) {
  for await (const { event } of followEvents(client, from)) {
    cli.terminal.out(`${cli.json ? JSON.stringify(event) : eventLine(event)}\n`);
  }
}

async function tellPage(
  cli: Cli,
  client: Client,
  query: { limit: number; type?: string; subject?: string; after?: string },
) {
  const page = await client.listEvents({ query });
  cli.show(page, () => page.items.map((event) => `${eventLine(event)}\n`).join("") || "no events\n");
  if (page.items.length === query.limit && page.next_cursor !== null) cli.note(`go on: --after ${page.next_cursor}`);
}
