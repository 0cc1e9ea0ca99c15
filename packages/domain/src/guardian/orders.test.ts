import type { AgentId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { agentRow } from "../agents/agent-row.fixture.ts";
import type { AgentRow } from "../agents/model.ts";
import { type Candidate, chooseAgents } from "./choose-agents.ts";
import { ordersOf } from "./orders.ts";
import type { Policy, Step } from "./policy.ts";

const candidate = (id: string, phase: string, given: Partial<AgentRow> = {}): Candidate => ({
  agent: agentRow({ agent_id: id as AgentId, ...given }),
  phase_ids: [phase],
});
const held = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [String(n), {}])) as unknown as AgentRow["slots"];

describe("capacity goes to a phase", () => {
  const busy = candidate("agent_busy", "HERE", { slots: held(2) });
  const idle = candidate("agent_idle", "HERE", { capacity: 8 });
  const rich = candidate("agent_rich", "THERE", { capacity: 9, slots: held(1) });
  const poor = candidate("agent_poor", "THERE", { capacity: 3 });
  const last = candidate("agent_last", "THERE", { capacity: 1 });

  it.each<[string, Candidate[], number, [string, string] | undefined]>([
    ["from who has most of it free to who has least", [idle, busy, poor, rich], 1, ["agent_rich", "agent_busy"]],
    ["and never the last of it", [busy, last], 1, undefined],
    ["nor what is not free", [busy, candidate("agent_full", "THERE", { capacity: 4, slots: held(3) })], 2, undefined],
    ["nor from who works there itself", [busy, idle], 1, undefined],
    ["nor where nobody works", [rich, poor], 1, undefined],
    [
      "nor from who may not work",
      [busy, candidate("agent_q", "THERE", { status: "QUARANTINED", capacity: 9 })],
      1,
      undefined,
    ],
    [
      "nor to who leaves",
      [rich, candidate("agent_l", "HERE", { leaving: { how: "restart", why: "", since: 0, until: 1 } })],
      1,
      undefined,
    ],
    ["nor to who is on probation", [rich, candidate("agent_p", "HERE", { probe: true })], 1, undefined],
    [
      "of equals the first by name",
      [busy, candidate("agent_b", "THERE"), candidate("agent_a", "THERE")],
      1,
      ["agent_a", "agent_busy"],
    ],
  ])("%s", (_what, candidates, amount, expected) => {
    const chosen = chooseAgents(candidates, "HERE", amount);
    expect(chosen && [chosen.giver.agent_id, chosen.taker.agent_id]).toEqual(expected);
  });
});

describe("orders of a policy", () => {
  const step = (given: Partial<Step>): Step => ({ type: "quarantine", target: "agent_id", ...given });
  const policy = (...actions: Step[]): Policy => ({
    ...{ name: "p", enabled: true, triggers: [], actions, cooldown_ms: 1, rollback_after_ms: 2 },
  });
  const cue = (labels: Record<string, string>, cause = "x#1#0") => ({ cause, title: "task.stuck", labels });
  const orders = (...given: Parameters<typeof ordersOf>) =>
    ordersOf(...given).map((found) => ("order" in found ? found.order : found.why));

  it("are one for each step, with the target that the cue names", () => {
    const steps = [step({}), step({ type: "override_priority", target: "task_id", priority: "HIGH" })];
    expect(orders(policy(...steps), cue({ agent_id: "a", task_id: "t" }), [])).toMatchObject([
      { action: "quarantine", target: { kind: "agent", id: "a" }, parameters: {}, reason: "Policy p, for task.stuck" },
      { action: "override_priority", target: { kind: "task", id: "t" }, parameters: { priority: "HIGH" } },
    ]);
  });

  it("have the same ids for the same cause, and others for another step, cause or policy", () => {
    const ids = (given: Policy, cause?: string) =>
      orders(given, cue({ agent_id: "a" }, cause), []).map((found) => typeof found === "object" && found.action_id);
    const two = policy(step({}), step({ type: "release" }));
    expect(ids(two)).toEqual(ids(two));
    expect(new Set([...ids(two), ...ids(two, "x#2#0"), ...ids({ ...two, name: "q" })]).size).toBe(6);
  });

  it("leave a target alone by policy, step and target, whatever the cause", () => {
    const marks = (labels: Record<string, string>, cause?: string) =>
      orders(policy(step({})), cue(labels, cause), []).map(
        (found) => typeof found === "object" && found.policy?.mark_id,
      );
    expect(marks({ agent_id: "a" })).toEqual(marks({ agent_id: "a" }, "y"));
    expect(marks({ agent_id: "a" })).not.toEqual(marks({ agent_id: "b" }));
  });

  it("say why there is none", () => {
    const moving = step({ type: "reallocate_capacity", target: "phase_id", amount: 1 });
    expect(orders(policy(step({}), moving), cue({ phase_id: "HERE" }), [])).toEqual([
      "task.stuck has no agent_id",
      "no two agents have capacity to move to HERE",
    ]);
  });
});
