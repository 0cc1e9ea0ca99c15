import { randomUUID } from "node:crypto";
import { openApiDocument } from "@omoios/contracts/openapi";
import { taskAssigned } from "@omoios/contracts/views/pushed";
import { createAgent } from "@omoios/sdk/agent";
import type { ApiProblem } from "@omoios/sdk/api-problem";
import { registerAgent } from "@omoios/sdk/register-agent";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhook-receiver.ts";
import { claimNext, completed, refusalOf, untilTask } from "../harness/work.ts";

const PHASE = "PHASE_BACKLOG";

let plane: TestPlane;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(() => receiver.stop());

/** The tests of a block share a plane where what dispatches sees every agent at once. */
function onPlaneWith(limits: Record<string, number>): void {
  beforeAll(async () => {
    plane = await startTestPlane({ reach_cache_ms: 0, ...limits });
  });
  afterAll(() => plane.stop());
}

/** An agent that is pushed to, alone with its need, and how tasks with that need are made. */
async function pushedAgent() {
  const need = randomUUID();
  const { identity, registered } = await registerAgent(plane.operator, {
    agent_type: "worker",
    phase_ids: [PHASE],
    capabilities: [need],
    version: "1.0.0",
    delivery: { mode: "push", url: receiver.url },
  });
  const agent = createAgent({ url: plane.url, ...identity });
  await agent.start();
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Work" } });
  const newTask = async (title = "Task"): Promise<string> => {
    const body = { ticket_id, title, phase_id: PHASE, required_capabilities: [need] };
    return (await plane.operator.createTask({ body })).task_id;
  };
  return { agent, need, newTask, secret: registered.webhook_secret ?? "" };
}

describe("an agent that is pushed to", () => {
  onPlaneWith({ retry_base_ms: 100 });

  test("a task is pushed to its best fit, accepted and completed", async () => {
    const { agent, newTask, secret } = await pushedAgent();
    const task_id = await newTask();
    const pushed = await receiver.assignmentOf(task_id, secret);
    const params = { task_id };
    const assigned = await plane.operator.getTask({ params });
    expect(assigned).toMatchObject({
      status: "assigned",
      agent_id: agent.agent_id,
      attempt: 1,
      lease: { fence: pushed.fence, expires_at: pushed.accept_by },
    });
    const { fence } = pushed;
    const accepted = await agent.client.acceptTask({ params, body: { fence } });
    expect(accepted).toMatchObject({ task_id, fence, title: "Task", attempt: 1 });
    expect(await agent.client.acceptTask({ params, body: { fence } })).toMatchObject({ task_id, fence });
    expect((await plane.operator.getTask({ params })).status).toBe("running");
    await agent.client.completeTask({ params, body: completed(fence) });
    expect(await untilTask(plane.operator, task_id, "completed")).toMatchObject({ attempt: 1, retry_count: 0 });
    const { items } = await plane.operator.listTaskAttempts({ params });
    expect(items.map(({ outcome }) => outcome)).toEqual(["completed"]);
  });

  test("what is sent has the headers and the body that the API's description tells of", async () => {
    const { newTask, secret } = await pushedAgent();
    const task_id = await newTask();
    const { fence } = await receiver.assignmentOf(task_id, secret);
    const { parameters, requestBody } = openApiDocument().webhooks["task.assigned"].post;
    const { headers, body } = receiver.received.find((message) => message.body.includes(task_id)) ?? {};
    for (const { $ref } of parameters) expect(headers).toHaveProperty([$ref.slice($ref.lastIndexOf("/") + 1)]);
    expect(headers?.["webhook-id"]).toBe(`${task_id}-${fence}`);
    const sent = JSON.parse(body ?? "");
    expect(taskAssigned.parse(sent)).toEqual(sent);
    expect(requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/TaskAssigned" });
  });

  test("the next task is pushed when the agent has room again", async () => {
    const { agent, newTask, secret } = await pushedAgent();
    const first = await receiver.assignmentOf(await newTask("First"), secret);
    await agent.client.acceptTask({ params: first, body: { fence: first.fence } });
    const waiting = await newTask("Second");
    await untilTask(plane.operator, waiting, "ready");
    await agent.client.completeTask({ params: first, body: completed(first.fence) });
    const second = await receiver.assignmentOf(waiting, secret);
    expect(await agent.client.acceptTask({ params: second, body: { fence: second.fence } })).toMatchObject({
      title: "Second",
    });
  });

  test("a fleet of one gets the retry of what it failed", async () => {
    const { agent, newTask, secret } = await pushedAgent();
    const task_id = await newTask();
    const params = { task_id };
    const { fence } = await receiver.assignmentOf(task_id, secret);
    await agent.client.acceptTask({ params, body: { fence } });
    await agent.client.failTask({ params, body: { fence, error: { message: "the network was away" } } });
    const again = await until("it was asked for the retry", async () => receiver.assignments(secret)[1]);
    expect(again.task_id).toBe(task_id);
    expect(await agent.client.acceptTask({ params, body: { fence: again.fence } })).toMatchObject({ attempt: 2 });
  });

  test("an assignment is one agent's alone, and nothing else is heard before it is accepted", async () => {
    const { agent, need, newTask, secret } = await pushedAgent();
    const task_id = await newTask();
    const params = { task_id };
    const { fence } = await receiver.assignmentOf(task_id, secret);
    const other = await plane.agent({ phase_ids: [PHASE], capabilities: [need] });
    expect((await other.claim({})).tasks).toEqual([]);
    const foreign = await refusalOf(other.client.acceptTask({ params, body: { fence } }));
    expect(foreign).toMatchObject({ status: 403, code: "task.not_holder" });
    const unknown = await refusalOf(agent.client.acceptTask({ params, body: { fence: fence + 1 } }));
    expect(unknown).toMatchObject({ status: 409, code: "task.lease_lost" });
    const early = await refusalOf(agent.client.completeTask({ params, body: completed(fence) }));
    expect(early).toMatchObject({ status: 409, code: "task.not_accepted" });
    await agent.client.acceptTask({ params, body: { fence } });
  });

  test("a message that was not signed with the agent's key is none of the plane's", async () => {
    const { newTask, secret } = await pushedAgent();
    const stranger = await pushedAgent();
    await receiver.assignmentOf(await newTask(), secret);
    expect(receiver.assignments(stranger.secret)).toEqual([]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});

describe("an assignment that is not accepted in time", () => {
  const [ACCEPT_SECONDS, AGAIN_SECONDS] = [4, 4];
  onPlaneWith({ assignment_seconds: ACCEPT_SECONDS, assign_again_seconds: AGAIN_SECONDS });

  const attemptsOf = async (task_id: string) => (await plane.operator.listTaskAttempts({ params: { task_id } })).items;
  const lapsed = (task_id: string) =>
    until("the assignment lapsed", async () => (await attemptsOf(task_id))[0]?.outcome === "lease_lost");

  /** It had so long to accept, and then was left alone: what lies between two assignments by the plane's own clock. */
  const expectPauses = (secret: string) => {
    const asked = new Map(receiver.assignments(secret).map(({ fence, accept_by }) => [fence, Date.parse(accept_by)]));
    const times = [...asked.values()];
    for (const [n, time] of times.slice(1).entries())
      expect(time - (times[n] ?? 0)).toBeGreaterThanOrEqual((ACCEPT_SECONDS + AGAIN_SECONDS) * 1000);
    return times.length;
  };

  test.concurrent("goes back under a new fence, to another agent", async () => {
    const { agent, need, newTask, secret } = await pushedAgent();
    const other = await plane.agent({ phase_ids: [PHASE], capabilities: [need] });
    const task_id = await newTask();
    const params = { task_id };
    const { fence } = await receiver.assignmentOf(task_id, secret);
    await lapsed(task_id);
    const late = await refusalOf(agent.client.acceptTask({ params, body: { fence } }));
    expect(late).toMatchObject({ status: 409, code: "task.lease_lost" });
    const claimed = await claimNext(other);
    const attempts = await attemptsOf(task_id);
    // The first agent has room. Where the other one is slow, it is asked once more, but not at once.
    const passed = attempts.slice(0, -1);
    expect(passed.map(({ outcome }) => outcome)).toEqual(passed.map(() => "lease_lost"));
    expect(attempts.at(-1)).toMatchObject({ outcome: "running", agent_id: other.agent_id });
    expect(claimed).toMatchObject({ task_id, fence: fence + passed.length, attempt: 1 + passed.length });
    expect(attempts[0]?.error?.message).toContain("not accepted within 4 s");
    expect(expectPauses(secret)).toBe(passed.length);
    expect(await plane.operator.getTask({ params })).toMatchObject({ retry_count: 0 });
  });

  test.concurrent("goes to the same agent once more where nobody else took it", async () => {
    const { agent, newTask, secret } = await pushedAgent();
    const task_id = await newTask();
    const first = await receiver.assignmentOf(task_id, secret);
    const again = await until("it was asked once more", async () => receiver.assignments(secret)[1]);
    expect(again).toMatchObject({ task_id, fence: first.fence + 1 });
    // An agent that is too slow for this one, too, has the next.
    const accepted = await until("it accepted in time", async () => {
      const fence = receiver.assignments(secret).at(-1)?.fence ?? 0;
      return agent.client.acceptTask({ params: { task_id }, body: { fence } }).catch((refusal: ApiProblem) => {
        expect(refusal.code).toBe("task.lease_lost");
        return undefined;
      });
    });
    expect(accepted).toMatchObject({ task_id, attempt: 1 + accepted.fence - first.fence });
    expect(expectPauses(secret)).toBeGreaterThanOrEqual(2);
  });
});
