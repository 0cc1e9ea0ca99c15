import type { Envelope } from "@omoios/contracts/events";
import type { Client } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { given, wholeNumber } from "../parse-option.ts";
import { eventLine } from "../rows/event.ts";

const PAGE = 100;

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
      .option("--limit <number>", "how many to read at most without --follow", wholeNumber, 100),
  async run(cli, _, { follow, type, subject, after, limit }) {
    const client = await cli.client();
    if (follow) await tellAll(cli, client, given({ type, subject, after }));
    else await tellSome(cli, client, { limit, ...given({ type, subject, after }) });
  },
});

async function tellAll(cli: Cli, client: Client, from: { type?: string; subject?: string; after?: string }) {
  for await (const { event } of followEvents(client, from)) {
    cli.terminal.out(`${cli.json ? JSON.stringify(event) : eventLine(event)}\n`);
  }
}

/** Shows up to so many events from one on. Pages are of 100, and the plane reads a page before it leaves out other types. */
async function tellSome(
  cli: Cli,
  client: Client,
  { limit, ...query }: { limit: number; type?: string; subject?: string; after?: string },
) {
  const items: Envelope[] = [];
  let next: string | null | undefined = query.after;
  let isOver = false;
  for (let read = 0; read === 0 || (read < limit && !isOver); read += PAGE) {
    const after: string | undefined = next ?? undefined;
    const page = await client.listEvents({
      query: { ...query, ...given({ after }), limit: Math.min(limit - read, PAGE) },
    });
    items.push(...page.items);
    isOver = page.next_cursor === null || page.next_cursor === after;
    next = page.next_cursor;
  }
  const next_cursor = next ?? null;
  cli.show({ items, next_cursor }, () => items.map((event) => `${eventLine(event)}\n`).join("") || "no events\n");
  if (!isOver && (items.length === limit || query.type !== undefined)) cli.note(`go on: --after ${next_cursor}`);
}
