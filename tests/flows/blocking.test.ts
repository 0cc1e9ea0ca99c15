import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChangingPlane, startChangingPlane, type TestPlane } from "../harness/plane.ts";
import { NotYet, until } from "../harness/until.ts";
import { claimNext, completed, makeWork } from "../harness/work.ts";

let changing: ChangingPlane;
let plane: TestPlane;
beforeAll(async () => {
  changing = await startChangingPlane({ blocked_after_seconds: 1 });
  plane = changing.plane;
});
afterAll(() => changing.stop());

/** From here on nothing is blocked because time passes. */
async function goOnWithoutHurry(): Promise<void> {
  await changing.change({});
  plane = changing.plane;
}

const ticketWhen = (ticket_id: string, is_blocked: boolean) =>
  until(`the ticket was ${is_blocked ? "" : "not "}blocked`, async () => {
    const ticket = await plane.operator.getTicket({ params: { ticket_id } });
    if (ticket.is_blocked === is_blocked) return ticket;
    throw new NotYet(JSON.stringify(ticket));
  });
const tasksOf = async (ticket_id: string) => (await plane.operator.listTicketTasks({ params: { ticket_id } })).items;

/** The remediation task may come before the one that is looked for. */
const claimed = (agent: Agent, task_id: string) =>
  until(`${task_id} was claimed`, async () => (await agent.claim({})).tasks.find((task) => task.task_id === task_id));

describe("a ticket without progress", () => {
  it("is told from one that waits in the backlog", async () => {
    const { ticket_id } = await makeWork(plane);
    const { ticket_id: stalled } = await plane.operator.createTicket({ body: { title: "Stalls", start: true } });
    await ticketWhen(stalled, true);
    expect(await plane.operator.getTicket({ params: { ticket_id } })).toMatchObject({ is_blocked: false });
  });

  it("is blocked, with one task to find out why, until it goes on", async () => {
    const { ticket_id } = await plane.operator.createTicket({ body: { title: "Stalls", start: true } });
    const blocked = await ticketWhen(ticket_id, true);
    expect(blocked).toMatchObject({ status: "blocked", blocked_class: "environment" });
    const remediation = await until("the remediation task was made", async () =>
      (await tasksOf(ticket_id)).find(({ task_type }) => task_type === "remediation"),
    );
    await goOnWithoutHurry();
    const worker = await plane.agent({ phase_ids: ["PHASE_REQUIREMENTS"], capacity: 3 });
    const task = await claimed(worker, remediation.task_id);
    await worker.client.completeTask({ params: { task_id: task.task_id }, body: completed(task.fence) });
    const freed = await ticketWhen(ticket_id, false);
    expect(freed).toMatchObject({ status: "open", blocked_reason: null, blocked_at: null, blocked_class: null });
    const made = (await tasksOf(ticket_id)).filter(({ task_type }) => task_type === "remediation");
    expect(made).toHaveLength(1);
  });
});

describe("a dependency that ended without completing", () => {
  it("blocks the ticket of its dependents and names itself, until it completes after all", async () => {
    const { ticket_id, task_ids, agent } = await makeWork(plane, [{ ref: "a" }, { depends_on: ["a"] }]);
    const [first = "", second = ""] = task_ids;
    const worker = await agent({ capacity: 3 });
    const task = await claimNext(worker);
    const error = { message: "Quota exceeded" };
    await worker.client.failTask({ params: { task_id: first }, body: { fence: task.fence, error } });
    expect(await ticketWhen(ticket_id, true)).toMatchObject({ blocked_class: "dependency", blocked_by: [first] });
    expect(await plane.operator.getTask({ params: { task_id: second } })).toMatchObject({
      status: "pending",
      pending_reason: "dependencies",
      blocked_by: [first],
    });
    await plane.operator.retryTask({ params: { task_id: first }, body: { reason: "more quota" } });
    await ticketWhen(ticket_id, false);
    const again = await claimed(worker, first);
    await worker.client.completeTask({ params: { task_id: first }, body: completed(again.fence) });
    await claimed(worker, second);
  });
});
