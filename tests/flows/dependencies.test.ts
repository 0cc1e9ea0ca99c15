import { newId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { claimNext, completed, makeWork, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

it("a dependent is released by the last of its dependencies, and handed what they left", async () => {
  const { task_ids, agent } = await makeWork(plane, [{ ref: "a" }, { ref: "b" }, { depends_on: ["a", "b", "a"] }]);
  const [first = "", second = "", join = ""] = task_ids;
  const params = { task_id: join };
  expect((await plane.operator.getTask({ params })).blocked_by.sort()).toEqual([first, second].sort());
  const worker = await agent({ capacity: 3 });
  const handoff = { done: ["Half of it"], open_questions: ["Which half?"] };
  const [one, two] = [await claimNext(worker), await claimNext(worker)];
  const one_id = { task_id: one.task_id };
  await worker.client.completeTask({ params: one_id, body: completed(one.fence, { handoff }) });
  expect(await plane.operator.getTask({ params })).toMatchObject({ status: "pending", pending_reason: "dependencies" });
  await worker.client.completeTask({ params: { task_id: two.task_id }, body: completed(two.fence) });
  await untilTask(plane.operator, join, "ready");
  const joined = await claimNext(worker);
  expect(joined.task_id).toBe(join);
  expect(joined.context.handoffs).toEqual([{ ...one_id, from: "dependency", handoff }]);
});

it("a task may wait for one of another ticket, and for one that has completed already", async () => {
  const { task_ids, need, agent } = await makeWork(plane, [{}, {}]);
  const [done = "", open = ""] = task_ids;
  const worker = await agent({ capacity: 2 });
  for (let n = 0; n < 2; n += 1) {
    const { task_id, fence } = await claimNext(worker);
    if (task_id === done) await worker.client.completeTask({ params: { task_id }, body: completed(fence) });
  }
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Another ticket" } });
  const make = (...depends_on: string[]) =>
    plane.operator.createTask({ body: { ticket_id, title: "Dependent", required_capabilities: [need], depends_on } });
  expect(await make(done)).toMatchObject({ status: "ready", blocked_by: [] });
  const waiting = await make(done, open);
  expect(waiting).toMatchObject({ status: "pending", blocked_by: [open] });
  const { lease } = await plane.operator.getTask({ params: { task_id: open } });
  await worker.client.completeTask({ params: { task_id: open }, body: completed(lease?.fence ?? 0) });
  await untilTask(plane.operator, waiting.task_id, "ready");
});

it("a task that is made after its dependency has completed is ready at once, and handed what that left", async () => {
  const { task_ids, ticket_id, need, agent } = await makeWork(plane, [{}]);
  const [done = ""] = task_ids;
  const worker = await agent({});
  const { fence } = await claimNext(worker);
  const handoff = { done: ["All of it"], commands: ["npm test"] };
  await worker.client.completeTask({ params: { task_id: done }, body: completed(fence, { handoff }) });
  const body = { title: "Goes on", required_capabilities: [need], depends_on: [done] };
  expect(await plane.operator.createTask({ body: { ticket_id, ...body } })).toMatchObject({ status: "ready" });
  const next = await claimNext(worker);
  expect(next.context.handoffs).toEqual([{ task_id: done, from: "dependency", handoff }]);
});

it("a circle is refused with its path", async () => {
  const refusal = await refusalOf(
    makeWork(plane, [
      { ref: "a", depends_on: ["c"] },
      { ref: "b", depends_on: ["a"] },
      { ref: "c", depends_on: ["b"] },
    ]),
  );
  expect(refusal).toMatchObject({ status: 422, code: "task.dependency_cycle" });
  expect([...new Set(refusal.extra.cycle as string[])].sort()).toEqual(["a", "b", "c"]);
});

it("a fault points to its place in the body that was sent, one task or a list of them", async () => {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Faulty drafts" } });
  const { createTask, createTasks } = plane.operator;
  const nobody = newId("task", Math.random);
  const spoilt = { title: "Spoilt", depends_on: [nobody], parent_task_id: nobody };
  const one = await refusalOf(createTask({ body: { ticket_id, ...spoilt } }));
  expect(one.errors.map(({ path }) => path)).toEqual(["/depends_on", "/parent_task_id"]);
  const astray = { ticket_id, title: "Astray", phase_id: "PHASE_UNHEARD_OF" };
  expect((await refusalOf(createTask({ body: astray }))).errors).toMatchObject([{ path: "/phase_id" }]);
  const many = await refusalOf(createTasks({ params: { ticket_id }, body: { tasks: [{ title: "Good" }, spoilt] } }));
  expect(many.errors.map(({ path }) => path)).toEqual(["/tasks/1/depends_on", "/tasks/1/parent_task_id"]);
});
