import { describe, expect, test } from "vitest";
import { HOUR, limits, MINUTE, NOW, SECOND } from "../../../../tests/harness/task-row.ts";
import { score, virtualStart } from "./score.ts";

type Standing = Parameters<typeof virtualStart>[0];
const start = (given: Partial<Standing> = {}) =>
  virtualStart({ ready_at: NOW, priority: "LOW", retry_count: 0, dependents: 0, ...given }, limits);

describe("min(ready_at − boost, deadline_at − urgency window) − dependents × their boost + retries × their penalty", () => {
  test.each<[string, Partial<Standing>, number]>([
    // Boosts: CRITICAL 6 h, HIGH 2 h, MEDIUM 30 min, LOW nothing.
    ["CRITICAL", { priority: "CRITICAL" }, -6 * HOUR],
    ["HIGH", { priority: "HIGH" }, -2 * HOUR],
    ["MEDIUM", { priority: "MEDIUM" }, -30 * MINUTE],
    ["LOW", {}, 0],
    // A deadline presses 15 min before it, and only where that is earlier than the task stands anyway.
    ["a far deadline changes nothing", { deadline_at: NOW + 15 * MINUTE + 1 }, 0],
    ["at the urgency window's edge both are the same", { deadline_at: NOW + 15 * MINUTE }, 0],
    ["a near deadline presses", { deadline_at: NOW + 5 * MINUTE }, -10 * MINUTE],
    ["a passed deadline presses by how long ago it was", { deadline_at: NOW - HOUR }, -75 * MINUTE],
    [
      "the deadline of a CRITICAL task presses only past its boost",
      { priority: "CRITICAL", deadline_at: NOW },
      -6 * HOUR,
    ],
    // 60 s for each that waits for it, ten at most, added to whichever of the two it is.
    ["one dependent", { dependents: 1 }, -MINUTE],
    ["ten dependents", { dependents: 10 }, -10 * MINUTE],
    ["the eleventh does not count", { dependents: 11 }, -10 * MINUTE],
    ["dependents add to a deadline", { deadline_at: NOW + 5 * MINUTE, dependents: 3 }, -13 * MINUTE],
    // 60 s later for each retry, without end.
    ["one retry", { retry_count: 1 }, MINUTE],
    ["forty retries", { retry_count: 40 }, 40 * MINUTE],
    ["a retry moves a deadline back too", { deadline_at: NOW + 5 * MINUTE, retry_count: 2 }, -8 * MINUTE],
    ["all at once", { priority: "HIGH", deadline_at: NOW, dependents: 2, retry_count: 3 }, -2 * HOUR + MINUTE],
  ])("%s", (_, given, expected) => {
    expect(start(given) - NOW).toBe(expected);
  });

  test("the numbers are the limits', not the code's", () => {
    const own = {
      priority_boost_seconds: { CRITICAL: 40, HIGH: 30, MEDIUM: 20, LOW: 10 },
      urgency_window_seconds: 5,
      dependent_boost_seconds: 2,
      dependents_counted: 1,
      retry_penalty_seconds: 3,
    };
    const task: Standing = {
      ready_at: NOW,
      priority: "LOW",
      retry_count: 1,
      dependents: 9,
      deadline_at: NOW - 6 * SECOND,
    };
    expect(virtualStart(task, own) - NOW).toBe(-11 * SECOND - 2 * SECOND + 3 * SECOND);
  });
});

describe("nothing starves", () => {
  test.each([
    // A LOW task is overtaken by CRITICAL ones that became ready less than six hours after it, and by no others.
    ["CRITICAL", 6 * HOUR],
    ["HIGH", 2 * HOUR],
    ["MEDIUM", 30 * MINUTE],
  ] as const)("a LOW task waits for %s ones of so long after it", (priority, boost) => {
    expect(start({ priority, ready_at: NOW + boost - 1 })).toBeLessThan(start());
    expect(start({ priority, ready_at: NOW + boost })).toBe(start());
    expect(start({ priority, ready_at: NOW + boost + 1 })).toBeGreaterThan(start());
  });
});

test.each([
  // The score at a moment is now − virtual start, in seconds: it rises by itself, by one a second, for all alike.
  [NOW, NOW, 0],
  [NOW - 6 * HOUR, NOW, 21_600],
  [NOW, NOW + 1_500, 1.5],
  [NOW + MINUTE, NOW, -60],
])("a virtual start at %i has at %i the score %d", (virtual_start, now, expected) => {
  expect(score(virtual_start, now)).toBe(expected);
});
