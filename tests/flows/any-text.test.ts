import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { untilHolds } from "../harness/until.ts";
import { claimNext, makeWork, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { timeless: true });
});
afterAll(() => plane.stop());

it("words in any characters are told like others: what follows from an event comes without the sweep", async () => {
  const { ticket_id, task_ids, agent } = await makeWork(plane, [{ ref: "a" }, { depends_on: ["a"] }]);
  const [first = "", second = ""] = task_ids;
  const worker = await agent({});
  const { fence } = await claimNext(worker);
  const message = "The 🐈 sat on \u{10FFFF}, \uFFFE and \u0000";
  await worker.client.failTask({ params: { task_id: first }, body: { fence, error: { message, retryable: false } } });
  await untilHolds(async () =>
    expect(await plane.operator.getTicket({ params: { ticket_id } })).toMatchObject({ blocked_by: [first] }),
  );
  await plane.operator.cancelTicket({ params: { ticket_id }, body: { reason: message } });
  await untilTask(plane.operator, second, "cancelled");
  const { items } = await plane.operator.listEvents({ query: { subject: ticket_id, order: "newest", limit: 1 } });
  expect(items).toMatchObject([{ type: "ticket.cancelled", data: { cancel_reason: message } }]);
});
