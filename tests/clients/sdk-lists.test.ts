import type { Envelope } from "@omoios/contracts/events";
import { createClient } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import { paginate } from "@omoios/sdk/paginate";
import { afterEach, expect, test } from "vitest";
import { eventRow, TICKET_ID, taskRow } from "./cli-rows.ts";
import { type Answer, type RouteServer, startRouteServer } from "./route-server.ts";

let plane: RouteServer;
afterEach(() => plane.close());

async function clientOf(answers: Parameters<typeof startRouteServer>[0]) {
  plane = await startRouteServer(answers);
  return createClient({ url: plane.url, api_key: "k" });
}

test("a list is read page after page, with its filters, until its cursor is null", async () => {
  const pages: Record<string, string | null> = { "": "b", b: "c", c: null };
  const listTicketTasks: Answer = ({ query: { cursor = "" } }) => ({
    items: [taskRow({ title: `one of ${cursor || "a"}` }), taskRow({ title: `two of ${cursor || "a"}` })],
    next_cursor: pages[cursor],
  });
  const client = await clientOf({ listTicketTasks });
  const titles: string[] = [];
  const request = { params: { ticket_id: TICKET_ID }, query: { limit: 2 } };
  for await (const { title } of paginate(client, "listTicketTasks", request)) titles.push(title);
  expect(titles).toEqual(["one of a", "two of a", "one of b", "two of b", "one of c", "two of c"]);
  expect(plane.calls.map(({ query }) => query.limit)).toEqual(["2", "2", "2"]);
});

test("a reader who has seen enough asks for no further page", async () => {
  const client = await clientOf({ listTicketTasks: () => ({ items: [taskRow()], next_cursor: "more" }) });
  for await (const _ of paginate(client, "listTicketTasks", { params: { ticket_id: TICKET_ID } })) break;
  expect(plane.calls).toHaveLength(1);
});

test("the log is followed past its end, each event once, until the signal is raised", async () => {
  const log: Envelope[] = [eventRow("task.created", 1), eventRow("task.ready", 2)];
  const listEvents: Answer = ({ query: { after = "0" } }) => {
    const items = log.slice(Number(after));
    // What comes while the reader waits at the end.
    if (items.length === 0 && log.length < 4) log.push(eventRow("task.started", log.length + 1));
    return { items, next_cursor: String(Number(after) + items.length), more: items.length > 0 };
  };
  const client = await clientOf({ listEvents });
  const enough = new AbortController();
  const ids: string[] = [];
  for await (const { event } of followEvents(client, { poll_ms: 5, signal: enough.signal })) {
    ids.push(event.id);
    if (ids.length === 4) enough.abort();
  }
  expect(ids).toEqual(log.map(({ id }) => id));
});
