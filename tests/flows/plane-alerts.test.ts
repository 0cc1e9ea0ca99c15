import type { RouteReply } from "@omoios/contracts/routes";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { NotYet, until } from "../harness/until.ts";
import { completed, heldTask, keepBeating } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ lease_seconds: 5, renewals_without_progress: 1 });
});
afterAll(() => plane.stop());

type Alert = RouteReply<"listAlerts">["items"][number];

const alertsWith = async (matcher: string): Promise<Alert[]> =>
  (await plane.operator.listAlerts({ query: { matcher, state: "pending,firing,acknowledged,resolved" } })).items;

const alertWhen = (matcher: string, state: Alert["state"]) =>
  until(`an alert with ${matcher} is ${state}`, async () => {
    const alerts = await alertsWith(matcher);
    const found = alerts.find((alert) => alert.state === state);
    if (found !== undefined) return found;
    throw new NotYet(JSON.stringify(alerts));
  });

it("a task that is stuck is an alert until it goes on, and once more until it ends", async () => {
  const { agent, params, fence, task } = await heldTask(plane);
  const matcher = `task_id="${task.task_id}"`;
  onTestFinished(keepBeating(agent, [task.task_id]));
  const first = await alertWhen(matcher, "firing");
  expect(first).toMatchObject({
    alertname: "task_stuck",
    labels: { task_id: task.task_id, ticket_id: task.ticket_id },
  });
  await agent.client.progressTask({ params, body: { fence, percent: 50 } });
  expect(await alertWhen(matcher, "resolved")).toMatchObject({ alert_id: first.alert_id });
  const second = await alertWhen(matcher, "firing");
  expect(second.previous).toBe(first.alert_id);
  await agent.client.completeTask({ params, body: completed(fence) });
  await until("it is over", async () => (await alertsWith(matcher)).every(({ state }) => state === "resolved"));
  expect(await plane.operator.getTask({ params })).toMatchObject({ status: "completed", stuck: false });
});

it("what a rule judges is one alert, also when it is over", async () => {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Waits", start: true } });
  const matcher = `ticket_id="${ticket_id}"`;
  await plane.operator.blockTicket({ params: { ticket_id }, body: { reason: "Somebody must decide" } });
  await alertWhen(matcher, "firing");
  await plane.operator.unblockTicket({ params: { ticket_id }, body: { reason: "Decided" } });
  await alertWhen(matcher, "resolved");
  expect(await alertsWith(matcher)).toHaveLength(1);
});
