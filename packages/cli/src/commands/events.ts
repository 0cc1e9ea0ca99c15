import type { Envelope } from "@omoios/contracts/events";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Client } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { given, moment, wholeNumber } from "../parse-option.ts";
import { eventLine } from "../rows/event.ts";
import { WrongUse } from "../wrong-use.ts";

const PAGE = 100;
/** How many of the newest are shown where nothing says where to begin. */
const NEWEST = 100;

type LogPage = RouteReply<"listEvents">;

interface Options {
  follow?: boolean;
  since?: (now: number) => string;
  all?: boolean;
  after?: string;
  type?: string;
  subject?: string;
  limit?: number;
}

interface Wanted {
  type?: string;
  subject?: string;
}

/** Where reading begins: at a time (or now), behind a cursor, or at the log's begin. */
interface Begin {
  from?: string;
  after?: string;
}

export const events = command<[], Options>({
  usage: "events",
  about: "show the newest events, oldest first, or those from a time on, or what comes",
  options: (made) =>
    made
      .option("--follow", "what comes from now on, or from --since, --all or --after, one event a line, until Ctrl-C")
      .option("--since <when>", "from then on: 10m, 2h or 1d ago, or 2026-01-05T10:00:00Z", moment)
      .option("--all", "from the log's begin")
      .option("--after <cursor>", "go on where an earlier reading ended")
      .option("--type <type>", "only events of this type: task.completed")
      .option("--subject <id>", "only those about this ticket, task or agent")
      .option(
        "--limit <number>",
        `how many at most without --follow: of the newest, or with --all and --after of the next; ${NEWEST} of the newest unless given`,
        wholeNumber,
      ),
  async run(cli, _, { follow, since, all = false, after, type, subject, limit }) {
    if ([since, after, all || undefined].filter((begin) => begin !== undefined).length > 1)
      throw new WrongUse("--since, --all and --after each say where to begin: give one of them");
    const client = await cli.client();
    const wanted = given({ type, subject });
    const from = since?.(cli.terminal.now());
    const begin = given({ from, after });
    const isOpen = all || after !== undefined;
    if (follow) await tellAll(cli, client, wanted, isOpen || from !== undefined ? begin : { from: "now" });
    else if (isOpen || (from !== undefined && limit === undefined)) await tellOn(cli, client, wanted, begin, limit);
    else await tellNewest(cli, client, wanted, given({ from }), limit ?? NEWEST);
  },
});

async function tellAll(cli: Cli, client: Client, wanted: Wanted, begin: Begin) {
  for await (const { event } of followEvents(client, { ...wanted, ...begin })) {
    cli.terminal.out(`${cli.json ? JSON.stringify(event) : eventLine(event)}\n`);
  }
}

/** Shows the newest in the order of the log, which is read against it until there are enough. */
async function tellNewest(cli: Cli, client: Client, wanted: Wanted, begin: Begin, limit: number) {
  const items: Envelope[] = [];
  let next: string | null | undefined;
  do {
    const after = given({ after: next ?? undefined });
    const query = { ...wanted, ...begin, ...after, order: "newest" as const };
    const size = wanted.type === undefined ? Math.min(limit + 1 - items.length, PAGE) : PAGE;
    const page: LogPage = await client.listEvents({ query: { ...query, limit: size } });
    items.push(...page.items);
    next = page.next_cursor;
  } while (items.length <= limit && next !== null);
  const shown = items.slice(0, limit).toReversed();
  cli.show({ items: shown, next_cursor: null }, () => linesOf(shown));
  if (items.length > limit) cli.note("there are older events: --limit, --since 2h, or --all");
}

/**
 * Shows what the log holds from a place on, page after page, up to so many. The plane reads a page before it leaves out other types,
 * so that a page may be empty while its cursor moves.
 */
async function tellOn(cli: Cli, client: Client, wanted: Wanted, begin: Begin, limit = Number.POSITIVE_INFINITY) {
  const items: Envelope[] = [];
  let shown = 0;
  let place: Begin = begin;
  let isOver = false;
  do {
    const left = limit - shown;
    const read = (size: number): Promise<LogPage> => client.listEvents({ query: { ...wanted, ...place, limit: size } });
    const whole = await read(wanted.type === undefined ? Math.min(left, PAGE) : PAGE);
    const page: LogPage = whole.items.length > left ? await shortest(read, left) : whole;
    shown += page.items.length;
    if (cli.json) items.push(...page.items);
    else for (const event of page.items) cli.terminal.out(`${eventLine(event)}\n`);
    isOver = !page.more;
    place = given({ after: page.next_cursor ?? undefined });
  } while (shown < limit && !isOver);
  if (cli.json) cli.show({ items, next_cursor: place.after ?? null }, () => "");
  else if (shown === 0) cli.terminal.out(linesOf([]));
  if (!isOver) cli.note(`go on: --after ${place.after}`);
}

const linesOf = (shown: readonly Envelope[]): string =>
  shown.map((event) => `${eventLine(event)}\n`).join("") || "no events\n";

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
