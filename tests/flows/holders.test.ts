import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { until } from "../harness/until.ts";
import { type Claimed, claimNext, completed, heldTask, makeWork, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const omoi = (words: string[]) => runOmoi(words, { url: plane.url, api_key: plane.operator_key });

async function threeOf(agent: Agent): Promise<[Claimed, Claimed, Claimed]> {
  return [await claimNext(agent), await claimNext(agent), await claimNext(agent)];
}

describe("a claim", () => {
  it("whose answer was lost gets the same task and fence when it is asked again with its key", async () => {
    const work = await makeWork(plane, [{}, {}]);
    const { client } = await work.agent({ capacity: 2 });
    const claim = (idempotency_key: string) => client.claimTasks({ body: {} }, { idempotency_key });
    const [first, again] = [await claim("first"), await claim("first")];
    expect(first.tasks).toHaveLength(1);
    expect(again.tasks).toEqual(first.tasks);
    const second = await claim("second");
    expect(second.tasks[0]?.task_id).not.toBe(first.tasks[0]?.task_id);
  });

  it("takes no more than the agent has slots for", async () => {
    const work = await makeWork(plane, [{}, {}, {}]);
    const { client } = await work.agent({ capacity: 2 });
    expect((await client.claimTasks({ body: { max: 10 } })).tasks).toHaveLength(2);
    expect((await client.claimTasks({ body: { max: 10 } })).tasks).toEqual([]);
  });
});

describe("the holder's word", () => {
  it("is nobody else's", async () => {
    const { params, fence, ...work } = await heldTask(plane);
    const other = await plane.agent({ capabilities: [work.need] });
    const refusal = await refusalOf(other.client.completeTask({ params, body: completed(fence) }));
    expect(refusal).toMatchObject({ status: 403, code: "task.not_holder" });
    expect(await plane.operator.getTask({ params })).toMatchObject({
      status: "running",
      agent_id: work.agent.agent_id,
    });
  });

  it("said again under the same fence is answered as the first time", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const body = completed(fence, { output: { summary: "Done" } });
    const first = await agent.client.completeTask({ params, body });
    const again = await agent.client.completeTask({ params, body });
    expect(first.result).toMatchObject(body.result);
    expect(again).toMatchObject({ status: "completed", completed_at: first.completed_at, result: first.result });
    expect((await plane.operator.getTask({ params })).result).toMatchObject(body.result);
    expect((await plane.operator.listTaskAttempts({ params })).items).toHaveLength(1);
  });

  it("is refused under a fence that never was", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const refusal = await refusalOf(agent.client.progressTask({ params, body: { fence: fence + 1 } }));
    expect(refusal).toMatchObject({ status: 409, code: "task.lease_lost" });
  });

  it("of an agent that never held the task under that fence is kept nowhere", async () => {
    const { agent, params, fence, need } = await heldTask(plane);
    await agent.client.releaseTask({ params, body: { fence, reason: "end of shift" } });
    const other = await plane.agent({ capabilities: [need] });
    const outcomes = async () => (await plane.operator.listTaskAttempts({ params })).items.map((item) => item.outcome);
    const said = (given: number) => refusalOf(other.client.completeTask({ params, body: completed(given) }));
    expect(await said(77)).toMatchObject({ status: 409, code: "task.lease_lost", extra: { action: "stop" } });
    expect((await said(77)).message).not.toContain("is over");
    expect(await said(fence)).toMatchObject({ status: 403, code: "task.not_holder" });
    expect(await outcomes()).toEqual(["released"]);
    await refusalOf(agent.client.completeTask({ params, body: completed(fence) }));
    expect(await outcomes()).toEqual(["released", "orphan"]);
  });

  it("after a cancel is told to stop", async () => {
    const { agent, params, fence } = await heldTask(plane);
    await plane.operator.cancelTask({ params, body: { reason: "not needed" } });
    const refusal = await refusalOf(agent.client.progressTask({ params, body: { fence } }));
    expect(refusal).toMatchObject({ status: 409, code: "task.lease_lost", extra: { action: "stop" } });
  });

  it("about one task is answered with the others that were taken from it", async () => {
    const work = await makeWork(plane, [{}, {}, {}]);
    const agent = await work.agent({ capacity: 3 });
    const [first, second, cancelled] = await threeOf(agent);
    const about = ({ task_id, fence }: Claimed) => ({ params: { task_id }, body: { fence } });
    expect(await agent.client.progressTask(about(first))).toMatchObject({ action: "continue", stop_tasks: [] });
    await plane.operator.cancelTask({ params: about(cancelled).params, body: { reason: "not needed" } });
    const told = { stop_tasks: [cancelled.task_id] };
    expect(await agent.client.progressTask(about(first))).toMatchObject({ action: "continue", ...told });
    const artifacts = [{ type: "notes", content: "Half way" }];
    const handIn = { ...about(first), body: { fence: first.fence, artifacts } };
    expect(await agent.client.addTaskArtifacts(handIn)).toMatchObject(told);
    expect(await agent.client.completeTask({ ...about(first), body: completed(first.fence) })).toMatchObject(told);
    const release = { ...about(second), body: { fence: second.fence, reason: "end of shift" } };
    expect(await agent.client.releaseTask(release)).toMatchObject({ status: "ready", ...told });
  });
});

it("what an agent says of its task's ticket is answered with the tasks that were taken from it", async () => {
  const work = await makeWork(plane, [{}, {}]);
  const agent = await work.agent({ capacity: 2 });
  const [held, cancelled] = [await claimNext(agent), await claimNext(agent)];
  await plane.operator.cancelTask({ params: { task_id: cancelled.task_id }, body: { reason: "not needed" } });
  const { client } = agent;
  const calls = ({ task_id, fence }: Claimed) => {
    const [named, ticket] = [{ task_id, fence }, { params: { ticket_id: work.ticket_id } }];
    return [
      client.createTasks({ ...ticket, body: { ...named, tasks: [{ title: "More" }] } }),
      client.addTicketArtifacts({ ...ticket, body: { ...named, artifacts: [{ type: "plan", content: "..." }] } }),
      client.updateTicketContext({ ...ticket, body: { ...named, notes: ["Mind the gap"] } }),
    ];
  };
  for (const answer of await Promise.all(calls(held))) expect(answer.stop_tasks).toEqual([cancelled.task_id]);
  for (const refusal of await Promise.all(calls(cancelled).map(refusalOf)))
    expect(refusal).toMatchObject({ status: 409, code: "task.lease_lost", extra: { action: "stop" } });
});

describe("a report of progress", () => {
  it("renews the lease", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const leaseOf = async () => (await plane.operator.getTask({ params })).lease;
    const before = await leaseOf();
    const renewed = await until("the lease ended later", async () => {
      await agent.client.progressTask({ params, body: { fence, percent: 1 } });
      const lease = await leaseOf();
      return lease !== null && lease.expires_at > (before?.expires_at ?? "") && lease;
    });
    expect(renewed.fence).toBe(before?.fence);
    await agent.client.completeTask({ params, body: completed(fence) });
  });
});

describe("a note of progress", () => {
  it("is seen with the task while it runs, in its events and on the command line", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const note = "Reads the parser";
    await agent.client.progressTask({ params, body: { fence, percent: 20, note } });
    const last_note = async () => (await plane.operator.getTask({ params })).last_note;
    expect(await until("the note was told", async () => (await last_note()) ?? undefined)).toEqual({
      note,
      percent: 20,
      at: expect.any(String),
    });
    const { items } = await plane.operator.listTaskEvents({ params });
    expect(items.find(({ type }) => type === "task.progressed")?.data).toMatchObject({ percent: 20, note });
    expect((await omoi(["task", "show", params.task_id])).out).toMatch(/^note .* Reads the parser$/m);
    expect((await omoi(["events", "--subject", params.task_id])).out).toContain("percent=20  note=Reads the parser");
    await agent.client.releaseTask({ params, body: { fence, reason: "end of shift" } });
    expect(await last_note()).toBeNull();
    await claimNext(agent);
    expect(await last_note()).toBeNull();
  });

  it("of any length reaches the event in part, and says so", async () => {
    const { agent, params, fence } = await heldTask(plane);
    await agent.client.progressTask({ params, body: { fence, note: "ä".repeat(2_000) } });
    const told = () => plane.operator.getTask({ params });
    const noted = await until("the note was told", async () => (await told()).last_note ?? undefined);
    expect(noted.note).toMatch(/^ä{70,}…$/);
    const refusal = await refusalOf(agent.client.progressTask({ params, body: { fence, note: "ä".repeat(2_001) } }));
    expect(refusal).toMatchObject({ status: 422, errors: [{ path: "/note" }] });
  });
});

describe("waiting", () => {
  it("gives the slot back, and the answer is in the next claim's notes", async () => {
    const { agent, params, fence } = await heldTask(plane);
    await agent.client.waitTask({ params, body: { fence, question: "Tabs or spaces?" } });
    const asks = { status: "waiting", agent_id: null, lease: null, question: "Tabs or spaces?" };
    expect(await plane.operator.getTask({ params })).toMatchObject(asks);
    expect((await plane.operator.listTaskAttempts({ params })).items).toMatchObject([{ reason: "Tabs or spaces?" }]);
    const told = await until("the question was told", async () => {
      const { items } = await plane.operator.listTaskEvents({ params });
      return items.find(({ type }) => type === "task.waiting");
    });
    expect(told.data.question).toBe("Tabs or spaces?");
    expect((await agent.claim({})).tasks).toEqual([]);
    await plane.operator.resumeTask({ params, body: { answer: "Spaces." } });
    expect(await plane.operator.getTask({ params })).toMatchObject({ status: "ready", question: null });
    const again = await claimNext(agent);
    expect(again).toMatchObject({ task_id: params.task_id, attempt: 1 });
    expect(again.context.notes).toContain("Spaces.");
    const refusal = await refusalOf(plane.operator.resumeTask({ params, body: {} }));
    expect(refusal).toMatchObject({ status: 409, code: "task.not_waiting" });
  });

  it("ends by itself when its time has passed", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const until = new Date(agent.now() + 1_500).toISOString();
    await agent.client.waitTask({ params, body: { fence, until } });
    const ready = await untilTask(plane.operator, params.task_id, "ready");
    expect(Date.parse(ready.ready_at ?? "")).toBeGreaterThanOrEqual(Date.parse(until));
  });
});

describe("a handoff", () => {
  it("of a release reaches the next attempt, which keeps its number", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const handoff = { done: ["Read the code"], failed_approaches: ["A regular expression"] };
    await agent.client.releaseTask({ params, body: { fence, reason: "end of shift", handoff } });
    const again = await claimNext(agent);
    expect(again).toMatchObject({ task_id: params.task_id, attempt: 1 });
    expect(again.context.handoffs).toEqual([{ task_id: params.task_id, from: "attempt", handoff }]);
  });
});

describe("an artifact that an operator hands in", () => {
  it("names a task of its ticket, or none", async () => {
    const [{ ticket_id, task_ids }, elsewhere] = [await makeWork(plane), await makeWork(plane)];
    const handIn = (task_id?: string) => {
      const artifacts = [{ type: "plan", content: "..." }];
      return plane.operator.addTicketArtifacts({
        params: { ticket_id },
        body: { artifacts, ...(task_id && { task_id }) },
      });
    };
    for (const task_id of [elsewhere.task_ids[0], newId("task", systemRandom)])
      expect(await refusalOf(handIn(task_id))).toMatchObject({
        status: 422,
        code: "request.invalid",
        errors: [{ path: "/task_id" }],
      });
    expect((await plane.operator.listTicketArtifacts({ params: { ticket_id } })).items).toEqual([]);
    const [own] = task_ids;
    expect((await handIn(own)).artifacts).toMatchObject([{ type: "plan", task_id: own }]);
    expect((await handIn()).artifacts).toMatchObject([{ type: "plan", task_id: null }]);
  });
});
