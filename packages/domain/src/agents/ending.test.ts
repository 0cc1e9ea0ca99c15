import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { lapse, terminate, type WholeAgent } from "./ending.ts";
import type { AgentProfileRow, AgentRow, StoredAgentStatus } from "./model.ts";

const NOW = 1_000_000_000_000;
const policy = { now: NOW, retention_days: 90, restarts_before: 2 };
const TTL = NOW / 1000 + 90 * 86_400;
const agent_id = "agent_11111111-1111-4111-8111-111111111111" as AgentId;

function whole(status: StoredAgentStatus, given: Partial<AgentRow> = {}): WholeAgent {
  const agent: AgentRow = {
    agent_id,
    agent_name: "worker-any-001",
    agent_type: "worker",
    status,
    class_id: "c",
    key_id: "k",
    public_x: "x",
    epoch: 3,
    capacity: 1,
    slots: { 0: { task_id: `task_${"a".repeat(20)}` as TaskId, fence: 1, at: NOW } },
    failed: {},
    version: 4,
    ...given,
  };
  const profile = { agent_id, steps: [], updated_at: NOW - 1, version: 2 } as unknown as AgentProfileRow;
  return { agent, profile, key: { key_id: "k", agent_id, version: 1 } };
}

describe("termination", () => {
  it.each<StoredAgentStatus>(["SPAWNING", "IDLE", "DEGRADED", "FAILED", "QUARANTINED"])("ends a %s agent", (status) => {
    const outcome = terminate(whole(status), "retired", policy);
    expect(outcome).toMatchObject({
      accepted: true,
      value: [
        {
          kind: "agent",
          after: { status: "TERMINATED", why: "retired", epoch: 4, slots: {}, due_at: undefined, ttl: TTL },
          // It holds a task.
          events: [
            { type: "agent.status_changed", data: { from: status === "IDLE" ? "RUNNING" : status, to: "TERMINATED" } },
          ],
        },
        { kind: "agent_profile", after: { updated_at: NOW, ttl: TTL } },
        { kind: "agent_archive", after: { why: "retired", restarts: 2, ttl: TTL } },
        { kind: "agent_key", before: { key_id: "k" } },
      ],
    });
  });

  it("ends nobody twice", () => {
    const outcome = terminate(whole("TERMINATED"), "again", policy);
    expect(outcome).toMatchObject({ accepted: false, problem: { code: "agent.ended", extra: { action: "register" } } });
  });

  it("leaves a key alone that another agent holds by now", () => {
    const outcome = terminate({ ...whole("FAILED"), key: undefined }, "retired", policy);
    expect(outcome.accepted && outcome.value.map(({ kind }) => kind)).toEqual([
      "agent",
      "agent_profile",
      "agent_archive",
    ]);
  });
});

describe("a registration without a beat", () => {
  it("lapses when it is due", () => {
    const changes = lapse(whole("SPAWNING", { due_at: NOW, slots: {} }), policy);
    expect(changes).toMatchObject([
      { events: [{ type: "agent.registration_failed" }, { type: "agent.status_changed" }] },
      { after: { steps: [{ step: "first_heartbeat", outcome: "failed", at: NOW }] } },
      { kind: "agent_archive", after: { uptime_ms: 0 } },
      { kind: "agent_key" },
    ]);
  });

  it.each<[string, WholeAgent]>([
    ["it is not due yet", whole("SPAWNING", { due_at: NOW + 1 })],
    ["the beat came", whole("IDLE")],
    ["the agent has ended", whole("TERMINATED")],
  ])("stays when %s", (_when, agent) => {
    expect(lapse(agent, policy)).toEqual([]);
  });
});
