import type { AgentId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { heldKey, recycle, rotate } from "./keys.ts";
import type { AgentKeyRow, AgentRow, StoredAgentStatus } from "./model.ts";

const NOW = 1_000_000_000_000;
const policy = { now: NOW, retention_days: 90, old_key_seconds: 300 };
const TTL = NOW / 1000 + 90 * 86_400;
const agent_id = "agent_11111111-1111-4111-8111-111111111111" as AgentId;

const agentWith = (given: Partial<AgentRow> = {}): AgentRow => ({
  agent_id,
  agent_name: "worker-any-001",
  agent_type: "worker",
  status: "IDLE",
  class_id: "c",
  key_id: "now",
  public_x: "x-now",
  epoch: 3,
  capacity: 1,
  slots: {},
  failed: {},
  version: 4,
  ...given,
});
const own: AgentKeyRow = { key_id: "now", agent_id, version: 1 };

describe("a key counts", () => {
  const old_key = { key_id: "old", public_x: "x-old", until: NOW + 1 };
  it.each([
    ["the agent's own", {}, "now", "x-now"],
    ["the one before, until its end", { old_key }, "old", "x-old"],
    ["the one before, at its end", { old_key: { ...old_key, until: NOW } }, "old", undefined],
    ["another", { old_key }, "else", undefined],
    ["none", { old_key }, undefined, undefined],
    ["its own, once revoked", { key_revoked_at: NOW - 1 }, "now", undefined],
    ["the one before, once revoked", { old_key, key_revoked_at: NOW - 1 }, "old", undefined],
  ] as const)("%s", (_which, given, key_id, held) => {
    expect(heldKey(agentWith(given), key_id, NOW)).toBe(held);
  });
});

describe("rotation", () => {
  const next = { key_id: "next", public_x: "x-next" };

  it("keeps the old key for a while, and nobody registers with it again", () => {
    const changes = rotate(agentWith(), next, { own, next: undefined }, policy);
    expect(changes).toMatchObject([
      {
        after: { ...next, old_key: { key_id: "now", public_x: "x-now", until: NOW + 300_000 }, epoch: 3 },
        events: [{ type: "agent.key_rotated" }],
      },
      { kind: "agent_key", after: { key_id: "next", agent_id, created_at: NOW, version: 0 } },
      { kind: "agent_key", before: own, after: { key_id: "now", retired_at: NOW, ttl: TTL } },
    ]);
  });

  it("takes over the row of a holder that has ended", () => {
    const before: AgentKeyRow = { key_id: "next", agent_id: "agent_of_before" as AgentId, version: 2 };
    const [, taken] = rotate(agentWith(), next, { own, next: before }, policy);
    expect(taken).toEqual({ kind: "agent_key", before, after: { ...before, agent_id, created_at: NOW } });
  });
});

describe("recycling", () => {
  it("raises the epoch, revokes both keys and retires the row", () => {
    const old_key = { key_id: "old", public_x: "x-old", until: NOW + 1 };
    expect(recycle(agentWith({ old_key }), own, "leaked", policy)).toMatchObject({
      accepted: true,
      value: [
        {
          after: { epoch: 4, key_revoked_at: NOW, old_key: undefined, status: "IDLE" },
          events: [{ type: "agent.key_revoked", data: { reason: "leaked" } }],
        },
        { kind: "agent_key", after: { retired_at: NOW, ttl: TTL } },
      ],
    });
  });

  it("happens once", () => {
    expect(recycle(agentWith({ key_revoked_at: NOW - 1 }), own, "leaked", policy)).toEqual({
      accepted: true,
      value: [],
    });
  });

  it.each<StoredAgentStatus>(["FAILED", "TERMINATED"])("is refused for a %s agent", (status) => {
    const outcome = recycle(agentWith({ status }), own, "leaked", policy);
    expect(outcome).toMatchObject({ accepted: false, problem: { code: "agent.ended" } });
  });
});
