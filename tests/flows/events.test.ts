import type { CallRequest } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { untilHolds } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(["events", ...args], { url: plane.url, api_key: plane.operator_key });
const read = (query: CallRequest<"listEvents">["query"]) =>
  plane.operator.listEvents({ query: { limit: 100, ...query } });
const made = async (title: string) => (await plane.operator.createTicket({ body: { title } })).ticket_id;
const change = (ticket_id: string, priority: "LOW" | "HIGH") =>
  plane.operator.patchTicket({ params: { ticket_id }, body: { priority } });

/** The subject's events as its own order has them, once there are so many. */
const untilListed = (subject: string, count: number) =>
  untilHolds(async () => {
    const { items } = await read({ subject, order: "newest" });
    expect(items).toHaveLength(count);
    return items.map(({ id }) => id).toReversed();
  });

it("a ticket's events are followed past their end over HTTP, each once", async () => {
  const subject = await made("Followed");
  await untilListed(subject, 1);
  const first = await read({ subject });
  expect(first.items.map(({ type }) => type)).toEqual(["ticket.created"]);
  let after = first.next_cursor ?? "";
  await made("Another");
  await change(subject, "LOW");
  await change(subject, "HIGH");
  const told: string[] = [];
  await untilHolds(async () => {
    const page = await read({ subject, after });
    told.push(...page.items.map(({ type }) => type));
    after = page.next_cursor ?? "";
    expect(told).toEqual(["ticket.updated", "ticket.updated"]);
  });
  expect(await read({ subject, after })).toEqual({ items: [], next_cursor: after, more: false });
});

it("the SDK follows a subject, and an ended wait has asked for no event again", async () => {
  const subject = await made("Followed by the SDK");
  await untilListed(subject, 1);
  const enough = new AbortController();
  const told: string[] = [];
  for await (const { event } of followEvents(plane.operator, { subject, poll_ms: 50, signal: enough.signal })) {
    told.push(event.type);
    if (told.length === 1) await change(subject, "LOW");
    if (told.length === 2) enough.abort();
  }
  expect(told).toEqual(["ticket.created", "ticket.updated"]);
});

it("refuses a cursor of another list, and one that was altered, under the parameter's name", async () => {
  const subject = await made("Cursors");
  const other = await made("Other");
  await untilListed(subject, 1);
  const cursors = {
    whole: (await read({})).next_cursor ?? "",
    subject: (await read({ subject })).next_cursor ?? "",
    newest: (await read({ order: "newest", limit: 1 })).next_cursor ?? "",
  };
  const altered = (cursor: string, edit: (place: Record<string, unknown>) => object) => {
    const [list, place] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Buffer.from(JSON.stringify([list, edit(place)])).toString("base64url");
  };
  const wrong = [
    { after: "nonsense" },
    { after: cursors.subject },
    { after: cursors.newest },
    { subject, after: cursors.whole },
    { subject: other, after: cursors.subject },
    { order: "newest" as const, after: cursors.whole },
    { order: "newest" as const, subject, after: cursors.subject },
    { after: altered(cursors.whole, (place) => ({ ...place, order: "~" })) },
    { after: altered(cursors.whole, (place) => ({ ...place, taken: "x" })) },
    { subject, after: altered(cursors.subject, (place) => ({ ...place, order: 7 })) },
    { subject, after: altered(cursors.subject, (place) => ({ ...place, told: "zz" })) },
    { subject, after: altered(cursors.subject, (place) => ({ ...place, behind: { S: "x" } })) },
    { order: "newest" as const, after: altered(cursors.newest, (place) => ({ ...place, before: "~" })) },
  ];
  for (const query of wrong) {
    const problem = await refusalOf(read(query));
    expect([problem.status, problem.code, problem.errors]).toEqual([
      422,
      "request.cursor_invalid",
      [{ path: "after", message: "is not a cursor of this list" }],
    ]);
  }
  const past = altered(cursors.subject, (place) => ({ ...place, behind: "~~" }));
  expect((await read({ subject, after: past })).items).toEqual([]);
});

it("omoi events shows the newest in the order of the log, and says how to see more", async () => {
  const tickets: string[] = [];
  for (let n = 0; n < 6; n++) tickets.push(await made(`Shown ${n}`));
  for (const ticket_id of tickets) await untilListed(ticket_id, 1);
  const subjects = (out: string) => [...out.matchAll(/ticket_\w+/g)].map(([id]) => id);
  const three = await omoi("--type", "ticket.created", "--limit", "3");
  expect(subjects(three.out).toSorted()).toEqual(tickets.slice(-3).toSorted());
  expect(three.err).toBe("there are older events: --limit, --since 2h, or --all\n");
  const { items } = JSON.parse((await omoi("--type", "ticket.created", "--limit", "6", "--json")).out);
  const newest = await read({ type: "ticket.created", order: "newest", limit: 100 });
  expect(items).toEqual(newest.items.slice(0, 6).toReversed());
  const one = await omoi("--subject", tickets[0] ?? "");
  expect([subjects(one.out), one.err]).toEqual([[tickets[0]], ""]);

  const all = JSON.parse((await omoi("--all", "--json")).out);
  const paged: string[] = [];
  let after: string | undefined;
  do {
    const page = await read({ order: "newest", limit: 7, after });
    paged.push(...page.items.map(({ id }) => id));
    after = page.next_cursor ?? undefined;
  } while (after !== undefined);
  expect(paged.toReversed().slice(0, all.items.length)).toEqual(all.items.map(({ id }: { id: string }) => id));
});

it("omoi events begins at a time, and follows from now on", async () => {
  const old = await made("Before");
  const [id] = await untilListed(old, 1);
  const { items } = await read({ subject: old });
  const since = new Date(Date.parse(items[0]?.time ?? "") + 1).toISOString();
  const seen = await made("Since then");
  await untilListed(seen, 1);
  await untilHolds(async () => {
    const { out } = await omoi("--since", since, "--type", "ticket.created");
    expect(out).toContain(seen);
    expect(out).not.toContain(old);
  });
  expect((await omoi("--since", "1h", "--type", "ticket.created", "--limit", "1000")).out).toContain(old);
  expect((await omoi("--since", "yesterday")).err).toContain("must be how long ago (10m, 2h, 1d) or a time");
  expect((await omoi("--since", "1h", "--all")).exit).toBe(2);

  const begin = await read({ from: "now" });
  expect(begin.items).toEqual([]);
  const next = await made("From now on");
  let after = begin.next_cursor ?? "";
  const told: string[] = [];
  await untilHolds(async () => {
    const page = await read({ after });
    told.push(...page.items.map((event) => event.id));
    after = page.next_cursor ?? "";
    expect(told.some((event) => event.startsWith(next))).toBe(true);
  });
  expect(told).not.toContain(id);
});
