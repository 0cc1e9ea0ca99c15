import { describe, expect, test } from "vitest";
import {
  type BlockFacts,
  blocksAt,
  classifyBlock,
  isOver,
  isStalled,
  type OpenTask,
  type ProgressFacts,
} from "./blocking.ts";

const waiter = (status: OpenTask["status"], ...waits_for: OpenTask["waits_for"]): OpenTask => ({
  task_id: "task_w",
  status,
  waits_for,
});
const dependency = (status: OpenTask["status"], ticket_id = "ticket_1", task_id = "task_d") => ({
  task_id,
  status,
  ticket_id,
});
const facts = (open_tasks: OpenTask[], verdict?: BlockFacts["verdict"]): BlockFacts => ({
  ticket_id: "ticket_1",
  open_tasks,
  verdict,
});

describe("the class is the first that holds", () => {
  test.each<[string, BlockFacts, string, string[]]>([
    ["a failed dependency", facts([waiter("pending", dependency("failed"))], "failed"), "dependency", ["task_d"]],
    [
      "a cancelled dependency",
      facts([waiter("pending", dependency("cancelled")), waiter("waiting")]),
      "dependency",
      ["task_d"],
    ],
    [
      "an open task of another ticket",
      facts([waiter("pending", dependency("running", "ticket_2"))]),
      "dependency",
      ["task_d"],
    ],
    // What completed elsewhere, or runs here, holds nobody.
    [
      "a completed task of another ticket",
      facts([waiter("pending", dependency("completed", "ticket_2"))]),
      "environment",
      [],
    ],
    ["a running dependency", facts([waiter("pending", dependency("running")), waiter("running")]), "environment", []],
    ["an answer is awaited", facts([waiter("ready"), waiter("waiting")], "failed"), "waiting_on_clarification", []],
    ["a criterion is false", facts([], "failed"), "failing_checks", []],
    ["an artifact is missing", facts([], "blocked"), "environment", []],
    ["nothing is known", facts([waiter("ready")]), "environment", []],
  ])("%s", (_, given, expected, blocked_by) => {
    expect(classifyBlock(given)).toEqual({ class: expected, reason: expect.stringMatching(/\.$/), blocked_by });
  });

  test("each dependency is named once, ten at most", () => {
    const dependencies = Array.from({ length: 12 }, (_, n) => dependency("failed", "ticket_1", `task_${n}`));
    const block = classifyBlock(facts([waiter("pending", ...dependencies), waiter("pending", ...dependencies)]));
    expect(block.blocked_by).toHaveLength(10);
    expect(block.reason).toBe(
      `Tasks wait for what does not come by itself: ${block.blocked_by.map((id) => `${id} (failed)`).join(", ")} and 2 more.`,
    );
  });
});

describe("when a ticket counts as blocked", () => {
  const open: ProgressFacts = {
    status: "open",
    is_blocked: false,
    working: true,
    phase_entered_at: 1_000,
    last_progress_at: undefined,
    unblocked_at: undefined,
  };

  test.each<[string, Partial<ProgressFacts>, number | undefined]>([
    ["since it entered the phase", {}, 61_000],
    ["since its last progress", { last_progress_at: 5_000 }, 65_000],
    ["progress of an earlier phase does not count", { last_progress_at: 500 }, 61_000],
    ["since it was unblocked", { last_progress_at: 5_000, unblocked_at: 9_000 }, 69_000],
    ["not twice", { is_blocked: true }, undefined],
    ["not where nobody works", { working: false }, undefined],
    ["not while it awaits approval", { status: "pending_review" }, undefined],
    ["not once it is done", { status: "done" }, undefined],
  ])("%s", (_, given, at) => {
    const judged = { ...open, ...given };
    expect(blocksAt(judged, 60)).toBe(at);
    expect(isStalled(judged, (at ?? 1e12) - 1, 60)).toBe(false);
    expect(isStalled(judged, at ?? 1e12, 60)).toBe(at !== undefined);
  });
});

describe("a standing block", () => {
  const failed = waiter("pending", dependency("failed"));
  const foreign = waiter("pending", dependency("ready", "ticket_2"));
  const dependent = { class: "dependency", by_hand: false, stalled: true, progressed: false } as const;
  const bereft = { ...dependent, stalled: false } as const;
  const stalled = { class: "environment", by_hand: false, stalled: true, progressed: false } as const;
  const stated = { class: "environment", by_hand: true, stalled: false, progressed: false } as const;

  test.each<[string, Parameters<typeof isOver>[0], OpenTask[], boolean]>([
    ["stays while a dependency stays failed", { ...dependent, progressed: true }, [failed], false],
    ["goes when no dependency holds it", dependent, [waiter("ready")], true],
    ["stays while a dependency of another ticket is open", dependent, [foreign], false],
    ["goes by progress beside a dependency of another ticket", { ...dependent, progressed: true }, [foreign], true],
    ["for a dependency that failed goes when that is open again, whosever it is", bereft, [foreign], true],
    ["for a dependency that failed stays while that is failed", bereft, [failed], false],
    ["stays without progress", stalled, [waiter("ready")], false],
    ["goes by progress", { ...stalled, progressed: true }, [waiter("ready")], true],
    ["by hand stays without progress", stated, [], false],
    ["by hand stays when its dependencies have come", { ...stated, class: "dependency" }, [waiter("ready")], false],
    ["by hand goes by progress", { ...stated, progressed: true }, [], true],
    ["by hand stays while a dependency stays failed", { ...stated, progressed: true }, [failed], false],
  ])("%s", (_, block, open_tasks, over) => {
    expect(isOver(block, { ticket_id: "ticket_1", open_tasks })).toBe(over);
  });
});
