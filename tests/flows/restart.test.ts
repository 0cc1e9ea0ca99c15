import { afterEach, beforeEach, expect, it } from "vitest";
import { clientsOf } from "../harness/plane.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, untilTask } from "../harness/work.ts";

let plane: ProcessPlane;
beforeEach(async () => {
  // What the patient agent holds outlasts every start of a slow machine.
  plane = await startProcessPlane({ OMOI_LIMITS__LEASE_SECONDS: "900" });
});
afterEach(() => plane.remove());

const TITLE =
  "a plane that is killed goes on where it was: keys, tokens, running tasks, and what follows from their end";

it(TITLE, async () => {
  const { operator, agent } = clientsOf(plane);
  const { ticket_id } = await operator.createTicket({ body: { title: "Survives" } });
  const tasks = [{ ref: "a" }, { ref: "b" }, { depends_on: ["a", "b"] }].map((spec, n) => ({
    title: `T${n}`,
    ...spec,
  }));
  const made = await operator.createTasks({ params: { ticket_id }, body: { tasks } });
  const last = made.tasks[2]?.task_id ?? "";
  const [patient, gone] = [await agent(), await agent()];
  const kept = await claimNext(patient);
  await plane.restart({ OMOI_LIMITS__LEASE_SECONDS: "1" });
  const lost = await claimNext(gone);
  await plane.restart();

  // One agent goes on under its token and finishes; of the other nothing is heard again.
  await patient.client.completeTask({ params: { task_id: kept.task_id }, body: completed(kept.fence) });
  const again = await claimNext(patient);
  expect(again).toMatchObject({ task_id: lost.task_id, attempt: 2 });
  expect(again.fence).toBeGreaterThan(lost.fence);
  await patient.client.completeTask({ params: { task_id: again.task_id }, body: completed(again.fence) });
  await plane.restart();

  await untilTask(operator, last, "ready");
  const final = await claimNext(patient);
  expect(final.task_id).toBe(last);
  await patient.client.completeTask({ params: { task_id: last }, body: completed(final.fence) });
  for (const { task_id } of made.tasks) {
    expect(await operator.getTask({ params: { task_id } })).toMatchObject({ status: "completed" });
    const { items } = await operator.listTaskAttempts({ params: { task_id } });
    expect(items.filter(({ outcome }) => outcome === "completed")).toHaveLength(1);
  }
  await until("the log tells each start and each end once", async () => {
    const { items } = await operator.listTaskEvents({ params: { task_id: lost.task_id } });
    const types = items.map(({ type }) => type).filter((type) => type !== "task.created" && type !== "task.ready");
    return types.join() === "task.started,task.lease_expired,task.started,task.completed";
  });
});
