import { describe, expect, it } from "vitest";
import { countHour, type Hour, serviceLevel } from "./service-levels.ts";

const HOUR = 3_600_000;
const now = 500_000 * HOUR + 1_800_000;

describe("hours", () => {
  it("adds what belongs to the same hour", () => {
    const once = countHour([], now, { good: 9, all: 10 });
    expect(countHour(once, now + 1_000, { good: 1, all: 10 })).toEqual([{ hour: 500_000, good: 10, all: 20 }]);
  });

  it("keeps the hours of a day, in their order", () => {
    let hours: Hour[] = [];
    for (let i = 0; i < 30; i++) hours = countHour(hours, now + i * HOUR, { good: 1, all: 1 });
    expect(hours.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, i) => 500_006 + i));
  });

  it("adds what comes late to its hour, and nothing that is older than a day", () => {
    const hours = countHour([], now, { good: 1, all: 1 });
    expect(countHour(hours, now - HOUR, { good: 0, all: 1 })).toEqual([
      { hour: 499_999, good: 0, all: 1 },
      { hour: 500_000, good: 1, all: 1 },
    ]);
    expect(countHour(hours, now - 24 * HOUR, { good: 0, all: 1 })).toEqual(hours);
  });
});

describe("a ratio against its target", () => {
  const hours: Hour[] = [
    { hour: 499_976, good: 0, all: 1_000 },
    { hour: 499_977, good: 90, all: 100 },
    { hour: 500_000, good: 99, all: 100 },
  ];

  it.each([
    ["hour", "agent_availability_ratio", { ratio: 0.99, target: 0.99, met: true }],
    ["day", "agent_availability_ratio", { ratio: 0.945, target: 0.99, met: false }],
    ["hour", "task_success_ratio", { ratio: 0.99, target: 0.95, met: true }],
    ["day", "task_success_ratio", { ratio: 0.945, target: 0.95, met: false }],
  ] as const)("over the %s, %s", (over, of, level) => {
    expect(serviceLevel(hours, now, { over, of })).toEqual(level);
  });

  it("is met, without a ratio, where nothing was", () => {
    expect(serviceLevel([], now, { over: "hour", of: "task_success_ratio" })).toEqual({ target: 0.95, met: true });
  });
});
