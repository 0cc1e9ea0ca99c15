import { describe, expect, it } from "vitest";
import { agentRow, slot } from "./agent-row.fixture.ts";
import { byFit, fitOf, isEligible, type Need } from "./best-fit.ts";
import type { AgentRow } from "./model.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const GO: Need = { capabilities: ["lang:go", "terraform"], phase_id: PHASE };
const BOTH = ["lang:go", "lang:ts", "terraform"];
const record = (completed: number, failed: number, phase = PHASE) => ({ [phase]: { completed, failed, busy_ms: 0 } });

describe("the score", () => {
  it.each<{ rule: string; agent?: Partial<AgentRow>; offered?: string[]; misses?: number; need?: Need; score: number }>(
    [
      // 1 + 0.2 idle + 0.2 healthy + 0.05 × 1 + 0.2 × 0.5
      { rule: "of an idle agent that covers the need", score: 1.55 },
      { rule: "counts what is covered", offered: ["terraform"], score: 1.05 },
      { rule: "of an agent that has nothing of it", offered: ["lang:ts"], score: 0.55 },
      { rule: "of a need without capabilities", offered: [], need: { capabilities: [] }, score: 1.55 },
      { rule: "counts free slots", agent: { capacity: 3 }, score: 1.65 },
      { rule: "counts five of them at most", agent: { capacity: 50 }, score: 1.75 },
      { rule: "of a running agent with a free slot", agent: { capacity: 2, slots: { 0: slot(1) } }, score: 1.35 },
      { rule: "of a full one", agent: { slots: { 0: slot(1) } }, score: 1.3 },
      { rule: "of one that missed a beat", misses: 1, score: 1.35 },
      { rule: "of a degraded one, which takes no new task", agent: { status: "DEGRADED" }, misses: 2, score: 1.1 },
      { rule: "of a good one", agent: { record: record(9, 1) }, score: 1.63 },
      { rule: "of a bad one", agent: { record: record(0, 5) }, score: 1.45 },
      { rule: "of one with four tasks only", agent: { record: record(0, 4) }, score: 1.55 },
      { rule: "counts tasks of this phase", agent: { record: record(0, 9, "PHASE_TESTING") }, score: 1.55 },
      {
        rule: "counts all tasks where no phase is asked for",
        agent: { record: record(0, 9, "PHASE_TESTING") },
        need: { capabilities: [] },
        score: 1.45,
      },
      { rule: "of one on probation", agent: { capacity: 9, probe: true }, score: 1.55 },
    ],
  )("$rule is $score", ({ agent, offered = BOTH, misses = 0, need = GO, score }) => {
    expect(fitOf(agentRow({ capacity: 1, ...agent }), offered, misses, need).score).toBe(score);
  });

  it("comes with its reasons", () => {
    expect(fitOf(agentRow({ slots: { 0: slot(1) } }), ["terraform"], 1, GO)).toMatchObject({
      covers: false,
      why: ["lacks lang:go", "is RUNNING", "missed 1 heartbeats", "has 1 free slots", "succeeds at 50 %"],
    });
    expect(fitOf(agentRow(), BOTH, 0, GO)).toMatchObject({
      covers: true,
      why: ["covers the need", "is idle", "beats", expect.any(String), expect.any(String)],
    });
  });

  it("puts the best first, and equals always in the same order", () => {
    const fits = [
      { agent_id: "b", score: 1 },
      { agent_id: "c", score: 2 },
      { agent_id: "a", score: 1 },
    ];
    expect(fits.sort(byFit).map(({ agent_id }) => agent_id)).toEqual(["c", "a", "b"]);
  });
});

it.each([
  { status: "SPAWNING", eligible: false },
  { status: "IDLE", eligible: true },
  { status: "DEGRADED", eligible: true },
  { status: "FAILED", eligible: false },
  { status: "QUARANTINED", eligible: false },
  { status: "TERMINATED", eligible: false },
] as const)("an agent that is $status can be asked: $eligible", ({ status, eligible }) => {
  expect(isEligible({ status })).toBe(eligible);
});
