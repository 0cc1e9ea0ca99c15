import type { RouteReply } from "@omoios/contracts/routes";
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, refusalOf, untilTask } from "../harness/work.ts";
import { type Artifacts, EVIDENCE } from "./evidence.ts";

let plane: TestPlane;
let agent: Agent;
/** What follows from a ticket's entry into a phase waits for this. */
let entering = Promise.resolve();
beforeAll(async () => {
  plane = await startTestPlane({}, { around: { "functions/consumers/enter-phase.ts": (call) => entering.then(call) } });
  const phase_ids = ["PHASE_IMPLEMENTATION", "PHASE_TESTING", "PHASE_DEPLOYMENT"];
  agent = await plane.agent({ phase_ids, capabilities: ["code", "testing", "deployment"], capacity: 20 });
});
afterAll(() => plane.stop());

/** Keeps the plane from what follows from entries, so that a test can come before it; gives what lets it go on. */
function holdEntries(): () => void {
  let goOn = (): void => undefined;
  entering = new Promise((resolve) => {
    goOn = resolve;
  });
  return goOn;
}

const operator = () => plane.operator;
const coverage = (metadata: Record<string, unknown>): Artifacts => [{ type: "test_coverage", path: "c", metadata }];
const results = (metadata: Record<string, unknown>): Artifacts => [{ type: "test_results", path: "r", metadata }];
const CODE: Artifacts = [{ type: "code_changes", path: "commit", metadata: { has_tests: true } }];
const TESTED = (EVIDENCE.testing ?? []).filter(({ type }) => type === "test_evidence");

/** A ticket in the phase, by force: what came before does not matter here. */
async function ticketIn(...way: string[]): Promise<string> {
  const { ticket_id } = await operator().createTicket({ body: { title: "Gate", start: true } });
  for (const to_phase of way) await move(ticket_id, to_phase);
  return ticket_id;
}
const move = (ticket_id: string, to_phase: string, reason = "by the test") =>
  operator().transitionTicket({ params: { ticket_id }, body: { to_phase, reason, force: true } });
const TO_IMPLEMENTATION = ["PHASE_DESIGN", "PHASE_IMPLEMENTATION"];
const TO_TESTING = [...TO_IMPLEMENTATION, "PHASE_BUILDING_DONE", "PHASE_TESTING"];

/** The agent does the phase's generated task and hands in these artifacts with it. */
async function finishTask(ticket_id: string, artifacts: Artifacts): Promise<void> {
  const task = await claimNext(agent);
  expect(task.ticket_id).toBe(ticket_id);
  await agent.client.completeTask({ params: { task_id: task.task_id }, body: completed(task.fence, { artifacts }) });
}
const handIn = (ticket_id: string, artifacts: Artifacts) =>
  operator().addTicketArtifacts({ params: { ticket_id }, body: { artifacts } });
const judged = (ticket_id: string, verdict: RouteReply<"getTicketGate">["verdict"]) =>
  until(`the gate said ${verdict}`, async () => {
    const gate = await operator().validateTicketGate({ params: { ticket_id } });
    return gate.verdict === verdict && gate;
  });
const phaseOf = async (ticket_id: string) => (await operator().getTicket({ params: { ticket_id } })).phase_id;
const reaches = (ticket_id: string, phase_id: string) =>
  until(`the ticket reached ${phase_id}`, async () => (await phaseOf(ticket_id)) === phase_id);

describe("the gate of implementation", () => {
  it("holds a ticket at 79.9 % coverage, and lets it go at 80 %", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    await finishTask(ticket_id, [...CODE, ...coverage({ coverage_percent: 79.9 })]);
    const gate = await judged(ticket_id, "failed");
    expect(gate.blocking_reasons).toMatchObject([{ actual: 79.9 }]);
    expect(await phaseOf(ticket_id)).toBe("PHASE_IMPLEMENTATION");
    await handIn(ticket_id, coverage({ coverage_percent: 80 }));
    await reaches(ticket_id, "PHASE_BUILDING_DONE");
  });

  it("counts no evidence of another ticket, and none of an earlier visit", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const first = await claimNext(agent);
    expect(first.ticket_id).toBe(ticket_id);
    await handIn(ticket_id, [...CODE, ...coverage({ coverage_percent: 95 })]);
    await move(ticket_id, "PHASE_DESIGN", "The design forgot the errors");
    await move(ticket_id, "PHASE_IMPLEMENTATION");
    const other = await ticketIn(...TO_IMPLEMENTATION);
    await handIn(other, [...CODE, ...coverage({ coverage_percent: 95 })]);
    const second = await claimNext(agent);
    const third = await claimNext(agent);
    for (const task of [second, third]) {
      expect([ticket_id, other]).toContain(task.ticket_id);
      await agent.client.completeTask({ params: { task_id: task.task_id }, body: completed(task.fence) });
    }
    const gate = await judged(ticket_id, "blocked");
    expect(gate.blocking_reasons.map(({ artifact }) => artifact).sort()).toEqual(["code_changes", "test_coverage"]);
    await reaches(other, "PHASE_BUILDING_DONE");
    expect(await phaseOf(ticket_id)).toBe("PHASE_IMPLEMENTATION");
    await operator().cancelTicket({ params: { ticket_id }, body: { reason: "the test is over" } });
  });

  it("counts nothing of a task of an earlier visit that is not cancelled yet", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const { task_id, fence } = await claimNext(agent);
    const goOn = holdEntries();
    await move(ticket_id, "PHASE_DESIGN", "The design forgot the errors");
    await move(ticket_id, "PHASE_IMPLEMENTATION");

    const artifacts = [...CODE, ...coverage({ coverage_percent: 95 })];
    const words = [
      () => agent.client.progressTask({ params: { task_id }, body: { fence, artifacts } }),
      () => agent.client.addTaskArtifacts({ params: { task_id }, body: { fence, artifacts } }),
      () => agent.client.addTicketArtifacts({ params: { ticket_id }, body: { task_id, fence, artifacts } }),
      () => agent.client.completeTask({ params: { task_id }, body: completed(fence, { artifacts }) }),
    ];
    for (const say of words)
      expect(await refusalOf(say())).toMatchObject({ code: "task.lease_lost", extra: { action: "stop" } });
    expect(await operator().getTask({ params: { task_id } })).toMatchObject({ status: "running" });
    goOn();

    const second = await claimNext(agent);
    await agent.client.completeTask({ params: { task_id: second.task_id }, body: completed(second.fence) });
    const gate = await judged(ticket_id, "blocked");
    expect(gate.blocking_reasons.map(({ artifact }) => artifact).sort()).toEqual(["code_changes", "test_coverage"]);
    expect(await untilTask(operator(), task_id, "cancelled")).toMatchObject({ cancel_reason: "phase_left" });
    const { items } = await operator().listTaskAttempts({ params: { task_id } });
    expect(items.find(({ outcome }) => outcome === "orphan")?.result).toMatchObject({ success: true });
  });

  it("counts a task that the leaving of its phase cancelled, once it is retried", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const first = await claimNext(agent);
    await move(ticket_id, "PHASE_DESIGN");
    await move(ticket_id, "PHASE_IMPLEMENTATION");
    await untilTask(operator(), first.task_id, "cancelled");
    await operator().retryTask({ params: { task_id: first.task_id }, body: { reason: "it is needed after all" } });

    for (const task of [await claimNext(agent), await claimNext(agent)]) {
      const artifacts = task.task_id === first.task_id ? [...CODE, ...coverage({ coverage_percent: 95 })] : [];
      const params = { task_id: task.task_id };
      await agent.client.completeTask({ params, body: completed(task.fence, { artifacts }) });
    }
    await reaches(ticket_id, "PHASE_BUILDING_DONE");
  });
});

describe("a ticket that leaves a phase", () => {
  const standing = async (task_id: string) => {
    const { status, cancel_reason } = await operator().getTask({ params: { task_id } });
    return { status, cancel_reason };
  };

  it.each([
    ["keeps its open tasks on the way forward", false, { status: "ready", cancel_reason: null }],
    ["cancels them where it goes by force", true, { status: "cancelled", cancel_reason: "phase_left" }],
  ])("%s", async (_what, force, expected) => {
    const { ticket_id } = await operator().createTicket({ body: { title: "Leaves" } });
    const { tasks } = await operator().createTasks({ params: { ticket_id }, body: { tasks: [{ title: "Think" }] } });
    const body = { to_phase: "PHASE_REQUIREMENTS", reason: "by the test", force };
    await operator().transitionTicket({ params: { ticket_id }, body });
    await until("the phase's tasks were made", async () => {
      const { items } = await operator().listTicketTasks({ params: { ticket_id } });
      return items.length > 1;
    });
    expect(await standing(tasks[0]?.task_id ?? "")).toEqual(expected);
  });

  it("cancels them before the tasks of its next phase are made, also where those are asked for", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const { task_id } = await claimNext(agent);
    const goOn = holdEntries();
    await move(ticket_id, "PHASE_DESIGN");
    await operator().generateTasks({ params: { ticket_id }, body: {} });
    expect(await standing(task_id)).toEqual({ status: "cancelled", cancel_reason: "phase_left" });
    goOn();
  });
});

describe("a ticket that was cancelled", () => {
  it("takes nothing of a task that is not cancelled yet; its result is kept", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const { task_id, fence } = await claimNext(agent);
    const goOn = holdEntries();
    await operator().cancelTicket({ params: { ticket_id }, body: { reason: "nobody needs it" } });

    const words = [
      () => agent.client.progressTask({ params: { task_id }, body: { fence, artifacts: CODE } }),
      () => agent.client.addTicketArtifacts({ params: { ticket_id }, body: { task_id, fence, artifacts: CODE } }),
      () => agent.client.completeTask({ params: { task_id }, body: completed(fence, { artifacts: CODE }) }),
    ];
    for (const say of words)
      expect(await refusalOf(say())).toMatchObject({ code: "task.lease_lost", extra: { action: "stop" } });
    const { items } = await operator().listTaskAttempts({ params: { task_id } });
    expect(items.find(({ outcome }) => outcome === "orphan")?.result).toMatchObject({ success: true });
    goOn();
    expect(await untilTask(operator(), task_id, "cancelled")).toMatchObject({ cancel_reason: "ticket_cancelled" });
  });
});

describe("a task that failed", () => {
  const failedIn = async (ticket_id: string) => {
    const { task_id, fence } = await claimNext(agent);
    await handIn(ticket_id, [...CODE, ...coverage({ coverage_percent: 95 })]);
    await agent.client.failTask({ params: { task_id }, body: { fence, error: { message: "Module not found" } } });
    return { task_id };
  };

  it("holds its gate, which says what to do, until that is done", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    const params = await failedIn(ticket_id);
    const gate = await judged(ticket_id, "waiting_tasks");
    expect(gate.blocking_reasons).toMatchObject([
      { actual: { failed: 1 }, message: expect.stringMatching(/retried and then cancelled/) },
    ]);
    await operator().retryTask({ params, body: { reason: "to be cancelled" } });
    await operator().cancelTask({ params, body: { reason: "not needed after all" } });
    await reaches(ticket_id, "PHASE_BUILDING_DONE");
  });

  it("does not hold the gate of a later visit", async () => {
    const ticket_id = await ticketIn(...TO_IMPLEMENTATION);
    await failedIn(ticket_id);
    await move(ticket_id, "PHASE_DESIGN");
    await move(ticket_id, "PHASE_IMPLEMENTATION");
    await finishTask(ticket_id, [...CODE, ...coverage({ coverage_percent: 95 })]);
    await reaches(ticket_id, "PHASE_BUILDING_DONE");
  });
});

describe("the gate of testing", () => {
  it("holds a ticket whose tests did not pass, or pass in words only", async () => {
    const ticket_id = await ticketIn(...TO_TESTING);
    await finishTask(ticket_id, [...TESTED, ...results({ all_passed: false })]);
    await judged(ticket_id, "failed");
    await handIn(ticket_id, results({ all_passed: "true" }));
    const gate = await judged(ticket_id, "failed");
    expect(gate.blocking_reasons).toMatchObject([{ actual: "true" }]);
    expect(await phaseOf(ticket_id)).toBe("PHASE_TESTING");
    await handIn(ticket_id, results({ all_passed: true }));
    await reaches(ticket_id, "PHASE_DEPLOYMENT");
    const task = await claimNext(agent);
    await agent.client.releaseTask({ params: { task_id: task.task_id }, body: { fence: task.fence, reason: "done" } });
    await operator().cancelTicket({ params: { ticket_id }, body: { reason: "the test is over" } });
  });

  it("sends a ticket back with its feedback, which the new tasks carry", async () => {
    const ticket_id = await ticketIn(...TO_TESTING);
    await claimNext(agent);
    await move(ticket_id, "PHASE_IMPLEMENTATION", "The export loses umlauts");
    const task = await claimNext(agent);
    expect(task).toMatchObject({ ticket_id, phase_id: "PHASE_IMPLEMENTATION" });
    expect(task.context.feedback).toEqual(["The export loses umlauts"]);
    const { items } = await operator().getTicketHistory({ params: { ticket_id }, query: { limit: 1 } });
    expect(items).toMatchObject([{ from: "PHASE_TESTING", to: "PHASE_IMPLEMENTATION", forced: true }]);
    const left = (await operator().listTicketTasks({ params: { ticket_id } })).items;
    expect(left.find(({ phase_id }) => phase_id === "PHASE_TESTING")).toMatchObject({
      status: "cancelled",
      cancel_reason: "phase_left",
    });
  });
});
