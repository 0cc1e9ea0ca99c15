import { describe, expect, it } from "vitest";
import { agentRow } from "./agent-row.fixture.ts";
import type { AgentRow } from "./model.ts";
import { moveCapacity } from "./move-capacity.ts";

const agent = (capacity: number, status: AgentRow["status"] = "IDLE"): AgentRow => agentRow({ capacity, status });

describe("capacity moves", () => {
  it.each([
    [4, 1, 3, 1, 4],
    [2, 49, 1, 1, 50],
  ])("of %i and %i, %i: %i and %i", (has, other, amount, left, more) => {
    const outcome = moveCapacity({ giver: agent(has), taker: agent(other) }, amount);
    expect(outcome).toMatchObject({ accepted: true, value: { giver: { capacity: left }, taker: { capacity: more } } });
  });

  it.each<[string, AgentRow, AgentRow, number, string]>([
    ["all that an agent has", agent(3), agent(1), 3, "agent.capacity_refused"],
    ["more than an agent may take", agent(9), agent(49), 2, "agent.capacity_refused"],
    ["from an agent that has ended", agent(9, "TERMINATED"), agent(1), 1, "agent.ended"],
    ["to an agent that has ended", agent(9), agent(1, "FAILED"), 1, "agent.ended"],
  ])("and %s does not", (_what, giver, taker, amount, code) => {
    expect(moveCapacity({ giver, taker }, amount)).toMatchObject({ accepted: false, problem: { code } });
  });
});
