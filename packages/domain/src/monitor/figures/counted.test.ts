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

test("a remediation counts each step that was taken, and once what came of it", () => {
  const step = (outcome: string) => ({ action: "restart", outcome });
  const row = (status: string, steps: object[], more: object = {}) => ({ policy: "p", status, steps, ...more });
  const waiting = row("waiting", [step("skipped")]);
  const tried = row("waiting", [step("skipped"), step("not_verified")], { attempts: 1 });
  const ended = (outcome: string) => row("ended", tried.steps, { attempts: 1, outcome });
  expect(moves("remediation", {}, waiting)).toEqual([]);
  expect(moves("remediation", waiting, tried)).toEqual(["watchdog actions#p#not_verified 1"]);
  expect(moves("remediation", tried, ended("escalated"))).toEqual([
    "watchdog failed#p#escalated 1",
    "watchdog escalated#p#escalated 1",
  ]);
  expect(moves("remediation", tried, ended("failed"))).toEqual(["watchdog failed#p#failed 1"]);
  expect(moves("remediation", tried, ended("succeeded"))).toEqual([]);
  expect(moves("remediation", waiting, row("ended", [], { attempts: 0, outcome: "escalated" }))).toEqual([
    "watchdog escalated#p#escalated 1",
  ]);
  const asked = { attempts: 0, outcome: "escalated", asked: true };
  expect(moves("remediation", waiting, row("ended", [], asked))).toEqual([]);
  expect(moves("remediation", ended("failed"), ended("failed"))).toEqual([]);
});

test("other rows move nothing", () => {
  expect(moves("ticket", {}, { status: "open" })).toEqual([]);
});
