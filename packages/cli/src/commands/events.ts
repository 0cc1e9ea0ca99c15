import type { Envelope } from "@omoios/contracts/events";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Client } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { given, wholeNumber } from "../parse-option.ts";
import { eventLine } from "../rows/event.ts";

const PAGE = 100;

type LogPage = RouteReply<"listEvents">;

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

/** Shows up to so many events from one on. The plane reads a page before it leaves out other types, so that a page may be empty. */
async function tellSome(
  cli: Cli,
  client: Client,
  { limit, ...query }: { limit: number; type?: string; subject?: string; after?: string },
) {
  const items: Envelope[] = [];
  let next: string | null | undefined = query.after;
  let isOver = false;
  do {
    const after: string | undefined = next ?? undefined;
    const left = limit - items.length;
    const read = (size: number): Promise<LogPage> =>
      client.listEvents({ query: { ...query, ...given({ after }), limit: size } });
    const whole = await read(query.type === undefined ? Math.min(left, PAGE) : PAGE);
    const page = whole.items.length > left ? await shortest(read, left) : whole;
    items.push(...page.items);
    isOver = page.next_cursor === null || page.next_cursor === after;
    next = page.next_cursor;
  } while (items.length < limit && !isOver);
  const next_cursor = next ?? null;
  cli.show({ items, next_cursor }, () => items.map((event) => `${eventLine(event)}\n`).join("") || "no events\n");
  if (!isOver) cli.note(`go on: --after ${next_cursor}`);
}

/** The page that ends with so many events of those asked for: a longer one would have its cursor behind events that are not shown. */
async function shortest(read: (size: number) => Promise<LogPage>, count: number): Promise<LogPage> {
  let [least, most] = [1, PAGE];
  while (least < most) {
    const size = Math.floor((least + most) / 2);
    if ((await read(size)).items.length >= count) most = size;
    else least = size + 1;
  }
  return read(least);
}
