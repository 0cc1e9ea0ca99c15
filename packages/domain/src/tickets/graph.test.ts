import type { TaskStatus } from "@omoios/contracts/shapes/task";
import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { type GraphTask, ticketGraph } from "./graph.ts";

const task = (task_id: string, status: TaskStatus, ...depends_on: string[]): GraphTask => ({
  task_id,
  title: task_id,
  phase_id: "PHASE_WORK",
  status,
  priority: "MEDIUM",
  depends_on,
});

test("nodes, edges, what is ready and what blocks what", () => {
  const graph = ticketGraph(
    [
      task("a", "completed"),
      task("b", "ready", "a", "a", "done_elsewhere"),
      task("c", "pending", "a", "b", "open_elsewhere"),
    ],
    new Set(["done_elsewhere"]),
  );
  expect(graph).toEqual({
    nodes: [
      { task_id: "a", title: "a", phase_id: "PHASE_WORK", status: "completed", priority: "MEDIUM", blocked_by: [] },
      { task_id: "b", title: "b", phase_id: "PHASE_WORK", status: "ready", priority: "MEDIUM", blocked_by: [] },
      {
        task_id: "c",
        title: "c",
        phase_id: "PHASE_WORK",
        status: "pending",
        priority: "MEDIUM",
        blocked_by: ["b", "open_elsewhere"],
      },
    ],
    edges: [
      { from: "a", to: "b" },
      { from: "a", to: "c" },
      { from: "b", to: "c" },
    ],
    critical_path: ["b", "c"],
    ready: ["b"],
  });
});

describe("the critical path is the longest chain of unfinished tasks", () => {
  test.each<[string, GraphTask[], string[]]>([
    ["nothing", [], []],
    ["all is done", [task("a", "completed"), task("b", "cancelled", "a")], []],
    [
      "one of two arms",
      [task("a", "ready"), task("b", "pending", "a"), task("c", "pending", "a"), task("d", "pending", "c")],
      ["a", "c", "d"],
    ],
    // Of equally long ones always the same.
    [
      "a tie",
      [task("a", "ready"), task("b", "ready"), task("c", "pending", "b", "a"), task("d", "pending", "a")],
      ["a", "d"],
    ],
    [
      "what is done does not count",
      [
        task("a", "completed"),
        task("b", "completed", "a"),
        task("c", "ready", "b"),
        task("d", "running"),
        task("e", "pending", "d"),
      ],
      ["d", "e"],
    ],
    ["a failed task may be retried", [task("a", "failed"), task("b", "pending", "a")], ["a", "b"]],
    [
      "whatever the order of the list",
      [task("c", "pending", "b"), task("b", "pending", "a"), task("a", "running")],
      ["a", "b", "c"],
    ],
  ])("%s", (_, tasks, expected) => {
    expect(ticketGraph(tasks).critical_path).toEqual(expected);
  });
});

test("a fork of 200 and a join of 200: the way through has 12 tasks", () => {
  const fork = Array.from({ length: 200 }, (_, n) => task(`f${n}`, "pending", "root"));
  const middle = Array.from({ length: 200 }, (_, n) => task(`m${n}`, "pending", `f${n}`));
  const tail = Array.from({ length: 8 }, (_, n) => task(`t${n}`, "pending", n === 0 ? "join" : `t${n - 1}`));
  const join = task("join", "pending", ...middle.map(({ task_id }) => task_id));
  const graph = ticketGraph([task("root", "ready"), ...fork, ...middle, join, ...tail]);
  expect(graph.critical_path).toEqual(["root", "f0", "m0", "join", ...tail.map(({ task_id }) => task_id)]);
  expect(graph.edges).toHaveLength(200 * 3 + 8);
});

describe("random graphs", () => {
  test.each(Array.from({ length: 100 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const statuses: TaskStatus[] = ["pending", "ready", "running", "completed", "failed", "cancelled"];
    const tasks = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, n) =>
      task(
        `t${n}`,
        statuses[Math.floor(random() * statuses.length)] ?? "ready",
        ...Array.from({ length: n }, (_, other) => `t${other}`).filter(() => random() < 0.3),
      ),
    );
    const unfinished = tasks.filter(({ status }) => status !== "completed" && status !== "cancelled");
    const longestTo = (one: GraphTask): number =>
      1 + Math.max(0, ...unfinished.filter(({ task_id }) => one.depends_on.includes(task_id)).map(longestTo));
    const shuffled = [...tasks].sort(() => random() - 0.5);
    const path = ticketGraph(shuffled).critical_path;
    expect(path).toHaveLength(Math.max(0, ...unfinished.map(longestTo)));
    for (const [place, id] of path.slice(1).entries()) {
      expect(unfinished.find(({ task_id }) => task_id === id)?.depends_on).toContain(path[place]);
    }
  });
});
