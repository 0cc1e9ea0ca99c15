import { expect, it } from "vitest";
import { agentRow } from "./agent-row.fixture.ts";
import { counted, successRate, total } from "./record.ts";

const done = { phase_id: "PHASE_A", completed: true, busy_ms: 2_000 };

it("what came of an agent's tasks is counted by phase", () => {
  const agent = [done, { ...done, phase_id: "PHASE_B" }, { ...done, completed: false }, done].reduce(
    counted,
    agentRow(),
  );
  expect(agent.record).toEqual({
    PHASE_A: { completed: 2, failed: 1, busy_ms: 4_000, failed_ms: 2_000 },
    PHASE_B: { completed: 1, failed: 0, busy_ms: 2_000 },
  });
  expect(total(agent)).toEqual({ completed: 3, failed: 1, busy_ms: 6_000 });
});

it("probation ends with the first task that is completed", () => {
  const agent = agentRow({ probe: true });
  expect(counted(agent, { ...done, completed: false }).probe).toBe(true);
  expect(counted(agent, done).probe).toBeUndefined();
});

it("fewer than five tasks decide nothing", () => {
  const record = (completed: number, failed: number) => ({ record: { PHASE_A: { completed, failed, busy_ms: 0 } } });
  expect(successRate({}, "PHASE_A")).toBe(0.5);
  expect(successRate(record(0, 4), "PHASE_A")).toBe(0.5);
  expect(successRate(record(4, 1), "PHASE_A")).toBe(0.8);
  expect(successRate(record(4, 1), "PHASE_B")).toBe(0.5);
  expect(successRate(record(4, 1), undefined)).toBe(0.8);
});
