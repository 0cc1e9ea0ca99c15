import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { untilHolds } from "../harness/until.ts";
import { completed, heldTask, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  // A second: what has ended leaves while the test looks on.
  plane = await startTestPlane({ retention_days__tasks: 1 / 86_400 });
});
afterAll(() => plane.stop());

test("a dependency that completed and left with its ticket blocks nothing; one that was cancelled still does", async () => {
  const { operator } = plane;
  const { ticket_id: other, task, params, fence, need, agent } = await heldTask(plane);
  const { ticket_id } = await operator.createTicket({ body: { title: "Waits" } });
  const make = async (ticket_id: string, depends_on: string[]) => {
    const body = { ticket_id, title: "A task", required_capabilities: [need], depends_on };
    return (await operator.createTask({ body })).task_id;
  };
  const done = task.task_id;
  const lost = await make(other, [done]);
  const [freed, held] = [await make(ticket_id, [done]), await make(ticket_id, [done, lost])];
  await agent.client.completeTask({ params, body: completed(fence) });
  await untilTask(operator, freed, "ready");
  await operator.cancelTicket({ params: { ticket_id: other }, body: { reason: "not needed" } });
  await untilHolds(async () => {
    for (const task_id of [done, lost])
      expect(await refusalOf(operator.getTask({ params: { task_id } }))).toMatchObject({ code: "task.not_found" });
  });

  const { nodes, ready } = await operator.getTicketGraph({ params: { ticket_id } });
  expect(Object.fromEntries(nodes.map(({ task_id, blocked_by }) => [task_id, blocked_by]))).toMatchObject({
    [freed]: [],
    [held]: [lost],
  });
  expect(ready).toContain(freed);
  expect((await operator.getTask({ params: { task_id: held } })).blocked_by).toEqual([lost]);
});
