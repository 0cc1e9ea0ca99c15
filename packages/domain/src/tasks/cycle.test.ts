import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { type CallTask, findCycle } from "./cycle.ts";

const tasks = (...entries: [string, ...string[]][]): CallTask[] =>
  entries.map(([ref, ...depends_on]) => ({ ref, depends_on }));

test.each([
  [tasks(), undefined],
  [tasks(["a"], ["b", "a"], ["c", "a", "b"]), undefined],
  [tasks(["a", "task_older"]), undefined],
  [tasks(["a", "a"]), ["a", "a"]],
  [tasks(["a", "b"], ["b", "a"]), ["a", "b", "a"]],
  // What only leads to the cycle is not named.
  [tasks(["x", "a"], ["a", "b"], ["b", "d", "c"], ["c", "a"], ["d"]), ["a", "b", "c", "a"]],
])("%j", (list, expected) => {
  expect(findCycle(list)).toEqual(expected);
});

test("a chain far longer than the engine's stack", () => {
  const chain: CallTask[] = Array.from({ length: 100_000 }, (_, n) => ({ ref: `t${n}`, depends_on: [`t${n + 1}`] }));
  expect(findCycle(chain)).toBeUndefined();
  const ring = [...chain, { ref: "t100000", depends_on: ["t0"] }];
  expect(findCycle(ring)).toHaveLength(100_002);
});

describe("random graphs", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const size = 2 + Math.floor(random() * 20);
    // Each waits for earlier ones only: no cycle is possible.
    const acyclic: CallTask[] = Array.from({ length: size }, (_, n) => ({
      ref: `t${n}`,
      depends_on: Array.from({ length: Math.floor(random() * 4) }, () => `t${Math.floor(random() * n)}`).filter(
        (ref) => ref !== `t${n}`,
      ),
    }));
    const shuffled = [...acyclic].sort(() => random() - 0.5);
    expect(findCycle(shuffled)).toBeUndefined();

    // One edge from the start to a task that waits for it closes a way round, and every step of what is found is a real edge.
    const last = acyclic.findLast(({ depends_on }) => depends_on.length > 0);
    if (last === undefined) return;
    const target = last.depends_on[0];
    const closed = shuffled.map((task) =>
      task.ref === target ? { ...task, depends_on: [...task.depends_on, last.ref] } : task,
    );
    const cycle = findCycle(closed) ?? [];
    expect(cycle.length).toBeGreaterThan(1);
    expect(cycle.at(-1)).toBe(cycle[0]);
    for (const [place, ref] of cycle.slice(0, -1).entries()) {
      expect(closed.find((task) => task.ref === ref)?.depends_on).toContain(cycle[place + 1]);
    }
  });
});
