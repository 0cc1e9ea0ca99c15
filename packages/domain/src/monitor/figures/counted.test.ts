import { describe, expect, test } from "vitest";
import { movesOf } from "./counted.ts";

const task = (status: string, more: object = {}) => ({ phase_id: "P", priority: "HIGH", status, ...more });
const ready = task("ready", { ready_lane: "lane#0", ready_at: 1_000 });
const running = task("running", { started_at: 4_000, ready_at: 1_000 });
const moves = (kind: string, was: object, is: object) =>
  movesOf(kind, was as never, is as never).map(({ scope, figure, by }) => `${scope} ${figure} ${by}`);

describe("a task moves its phase's figures", () => {
  test.each<[string, object, object, string[]]>([
    ["made ready", {}, ready, ["P queued#HIGH 1"]],
    ["edited where it stands", ready, { ...ready, title: "x" }, []],
    ["with another priority", ready, { ...ready, priority: "LOW" }, ["P queued#LOW 1", "P queued#HIGH -1"]],
    ["taken", ready, running, ["P running 1", "P queued#HIGH -1", "P taken 1", "P waited_seconds 3"]],
    ["pushed to an agent", ready, task("assigned"), ["P running 1", "P queued#HIGH -1"]],
    ["accepted", task("assigned"), running, []],
    [
      "completed",
      running,
      task("completed", { completed_at: 9_000 }),
      ["P running -1", "P completed 1", "P ended 1", "P ended_seconds 5"],
    ],
    ["put back", running, ready, ["P queued#HIGH 1", "P running -1"]],
    ["failed while it waited for an answer", task("waiting"), task("failed"), ["P failed 1"]],
    ["changed after its end", task("completed"), task("completed"), []],
    ["cancelled in its lane", ready, task("cancelled"), ["P queued#HIGH -1"]],
  ])("%s", (_, was, is, expected) => {
    expect(moves("task", was, is)).toEqual(expected.map((line) => `phase#${line}`));
  });
});

test("a dead letter counts when it is made, and not when it is redriven", () => {
  const letter = { dead_letter_id: "dead_1", phase_id: "P" };
  expect(moves("dead_letter", {}, letter)).toEqual(["phase#P dead_lettered 1"]);
  expect(moves("dead_letter", letter, { ...letter, status: "redriven" })).toEqual([]);
});

test("alerts are active while they fire or are acknowledged, by severity", () => {
  const alert = (state: string, severity = "error") => ({ state, severity });
  expect(moves("alert", {}, alert("pending"))).toEqual([]);
  expect(moves("alert", alert("pending"), alert("firing"))).toEqual(["alerts error 1"]);
  expect(moves("alert", alert("firing"), alert("acknowledged"))).toEqual([]);
  expect(moves("alert", alert("firing"), alert("firing", "critical"))).toEqual([
    "alerts critical 1",
    "alerts error -1",
  ]);
  expect(moves("alert", alert("acknowledged"), alert("resolved"))).toEqual(["alerts error -1"]);
});

test("other rows move nothing", () => {
  expect(moves("ticket", {}, { status: "open" })).toEqual([]);
});
