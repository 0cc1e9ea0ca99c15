import { describe, expect, it, test } from "vitest";
import { type Memory, type Move, next } from "./ladder.ts";
import type { RemediationRow, Seen } from "./model.ts";
import { remediationIdOf } from "./open.ts";
import { actionOf } from "./policy.ts";
import { agent, line, memory, OTHER, remediation, seen, terms } from "./remediation.fixture.ts";
import { begin } from "./transitions.ts";
import { turnAfter, turnOf } from "./turns.ts";

const DAYS = 90;
const OFF = { by: "key_1", since: 0, reason: "it errs" };
const OPEN_ELSEWHERE = { remediation_id: "remediation_x" as RemediationRow["remediation_id"], policy: "q" };

describe("the next move", () => {
  const moves = (row: RemediationRow, given: Partial<Seen>, remembered: Partial<Memory>, now: number) =>
    next(row, seen(given), memory(remembered), now);
  const times = (n: number) => Array.from({ length: n }, (_, at) => ({ at: at + 1, n: 1 }));
  const fleet = { version: 1, policy: "p" };

  test.each<[string, Partial<RemediationRow>, Partial<Seen>, Partial<Memory>, number, Partial<Move> | object]>([
    ["begins with the first action", {}, {}, {}, 0, { do: "act", action: { type: "requeue_tasks" } }],
    [
      "passes over what makes no sense",
      {},
      { agent: agent({ tasks: 0 }) },
      {},
      0,
      { do: "pass", why: "it holds no task" },
    ],
    ["ends where all is well", {}, { alert_over: true }, {}, 0, { do: "end", outcome: "not_needed" }],
    ["ends where it helped", { started_at: 1 }, { replaced_by: OTHER }, {}, 0, { do: "end", outcome: "succeeded" }],
    [
      "does nothing where its policy is switched off",
      {},
      { switched_off: OFF },
      {},
      0,
      { do: "stop", outcome: "disabled", why: "not acted: key_1 switched it off: it errs" },
    ],
    [
      "stops in its middle where its policy is switched off",
      { started_at: 1, status: "verifying", step: 1, due_at: 90 },
      { switched_off: OFF },
      {},
      5,
      { do: "stop", outcome: "stopped" },
    ],
    [
      "leaves a step to whoever is at it, though its policy is switched off",
      { started_at: 1, status: "acting", step: 1, due_at: 90, tries: 1 },
      { switched_off: OFF },
      {},
      5,
      { do: "nothing" },
    ],
    [
      "sees what has helped, though its policy is switched off",
      { started_at: 1, status: "verifying", step: 1, due_at: 90 },
      { switched_off: OFF, replaced_by: OTHER },
      {},
      5,
      { do: "verified" },
    ],
    ["waits until it is due", { due_at: 10 }, {}, {}, 9, { do: "nothing" }],
    [
      "leaves a target that another works on",
      {},
      {},
      { line: line({ open: OPEN_ELSEWHERE }) },
      5,
      { do: "wait", until: 15_005 },
    ],
    [
      "leaves what was just seen to",
      {},
      {},
      { line: line({ last: { policy: "p", ended_at: 0 } }) },
      5,
      { do: "end", outcome: "not_needed" },
    ],
    [
      "does not leave what another policy saw to",
      {},
      {},
      { line: line({ last: { policy: "q", ended_at: 9 } }) },
      9,
      { do: "act" },
    ],
    ["kills nobody in a mass silence", { step: 1 }, { mass_silence: true }, {}, 5, { do: "wait", until: 15_005 }],
    [
      "keeps the cooldown",
      {},
      {},
      { line: line({ toil: { times: 1, last_at: 0 } }) },
      59_999,
      { do: "wait", until: 60_000 },
    ],
    ["goes on after the cooldown", {}, {}, { line: line({ toil: { times: 1, last_at: 0 } }) }, 60_000, { do: "act" }],
    [
      "keeps the longer pause",
      {},
      {},
      { line: line({ toil: { times: 5, last_at: 0 } }) },
      60_000,
      { do: "wait", until: 160_000 },
    ],
    [
      "is handed on above the limit of its target",
      {},
      {},
      { line: line({ begun: { p: times(3) } }) },
      9,
      { do: "escalate", once: { of: "target" } },
    ],
    ["counts only its own policy's", {}, {}, { line: line({ begun: { q: times(3) } }) }, 9, { do: "act" }],
    ["forgets what the window has left", {}, {}, { line: line({ begun: { p: times(3) } }) }, 3_600_001, { do: "act" }],
    [
      "is handed on above the limit of the fleet",
      {},
      {},
      { fleet: { ...fleet, begun: times(5) } },
      9,
      { do: "escalate", once: { of: "fleet" } },
    ],
    [
      "waits for room where it takes up what the fleet's limit held back",
      { takes_up: remediationIdOf("p", "before") },
      {},
      { fleet: { ...fleet, begun: times(5) } },
      9,
      { do: "wait" },
    ],
    [
      "leaves what it takes up to whoever has acknowledged it",
      { takes_up: remediationIdOf("p", "before") },
      { taken_by: "key_1" },
      {},
      9,
      { do: "end", outcome: "not_needed", why: "key_1 has taken it on" },
    ],
    ["has more room in a larger fleet", {}, {}, { fleet: { ...fleet, begun: times(5) }, active: 60 }, 9, { do: "act" }],
    ["has room for one in the smallest fleet", {}, {}, { active: 1 }, 9, { do: "act" }],
    [
      "is not held back once it has begun",
      { started_at: 1, step: 1 },
      {},
      { line: line({ begun: { p: times(3) } }) },
      9,
      { do: "act" },
    ],
    [
      "does nothing in the name of one who may not",
      { terms: terms({ authority: "WATCHDOG" }) },
      {},
      {},
      0,
      { do: "end", outcome: "refused" },
    ],
    ["leaves a step to whoever took it", { status: "acting", due_at: 90_000 }, {}, {}, 89_999, { do: "nothing" }],
    ["takes over from one who died", { status: "acting", due_at: 90_000, tries: 1 }, {}, {}, 90_000, { do: "act" }],
    ["gives up a step that kills", { status: "acting", due_at: 90_000, tries: 3 }, {}, {}, 90_000, { do: "stuck" }],
    ["waits for the effect", { status: "verifying", step: 1, due_at: 60_000 }, {}, {}, 59_999, { do: "nothing" }],
    [
      "sees the effect",
      { status: "verifying", step: 1, due_at: 60_000 },
      { replaced_by: OTHER },
      {},
      5,
      { do: "verified" },
    ],
    ["sees no effect", { status: "verifying", step: 1, due_at: 60_000 }, {}, {}, 60_000, { do: "unverified" }],
    ["does nothing after its end", { status: "ended" }, { alert_over: true }, {}, 5, { do: "nothing" }],
  ])("%s", (_what, row, given, remembered, now, move) => {
    expect(moves(remediation(row), given, remembered, now)).toMatchObject(move);
  });

  it("waits for a restart that somebody else began, as for its own", () => {
    const given = { agent: agent({ leaving: "restart" }) };
    expect(moves(remediation({ step: 1 }), given, {}, 5)).toMatchObject({ do: "act", under_way: true });
  });
});

/** Takes a remediation through time, with a plane that answers each action like this. */
function walk(row: RemediationRow, sees: (at: number, row: RemediationRow) => Partial<Seen>, until = 3_600_000) {
  const told: string[] = [];
  let now = 0;
  let known = memory();
  for (let turns = 0; turns < 100 && now <= until && row.status !== "ended"; turns++) {
    const move = next(row, seen(sees(now, row)), known, now);
    if (move.do === "nothing") {
      now = row.due_at ?? until + 1;
      continue;
    }
    const at = { now, days: DAYS };
    let turn = move.do === "act" ? begin(row, move.action, known, now) : turnOf(row, known, move, at);
    if (move.do === "act" && turn !== undefined) {
      told.push(`${now / 1000} ${move.action.type}`);
      known = { ...known, line: turn.line ?? known.line, fleet: turn.fleet ?? known.fleet };
      turn = turnAfter(turn.row, known, move.action, { is: "done", why: "" }, at);
    }
    if (turn === undefined) throw new Error("A move without a turn");
    known = { ...known, line: turn.line ?? known.line, fleet: turn.fleet ?? known.fleet };
    row = turn.row;
    told.push(
      ...turn.events.filter(({ type }) => type === "watchdog.escalation").map(() => `${now / 1000} escalation`),
    );
  }
  return { told, row, known };
}

describe("the whole ladder", () => {
  it("goes from step to step with pauses between, hands on, and ends", () => {
    const { told, row } = walk(remediation(), () => ({}));
    expect(told).toEqual(["0 requeue_tasks", "0 restart", "70 failover", "130 escalation"]);
    expect(row).toMatchObject({
      status: "ended",
      outcome: "escalated",
      attempts: 2,
      why: "not mended by requeue_tasks, restart, failover",
    });
    expect(row.due_at).toBeUndefined();
  });

  it("ends when the replacement beats, and leaves the target to others", () => {
    const { told, row, known } = walk(remediation(), (now) => (now >= 60_000 ? { replaced_by: OTHER } : {}));
    expect(told).toEqual(["0 requeue_tasks", "0 restart"]);
    expect(row).toMatchObject({ outcome: "succeeded", why: "restart helped", attempts: 0 });
    expect(known.line).toMatchObject({ open: undefined, last: { policy: "p", ended_at: 60_000 } });
    expect(known.line?.toil).toEqual({ times: 1, last_at: 0, well_at: 60_000 });
  });

  it("hands on after as many attempts as its policy has patience for, before its last step", () => {
    const impatient = terms({ escalation: { to: "guardian", after_attempts: 1, within_ms: 300_000 } });
    const { told, row } = walk(remediation({ terms: impatient }), () => ({}));
    expect(told).toEqual(["0 requeue_tasks", "0 restart", "60 escalation"]);
    expect(row.why).toBe("1 attempts on it did not help");
  });

  it("fails in silence only by hand, where nobody is named to hand it on to", () => {
    const byHand = terms({
      actions: [actionOf({ type: "failover", verify_within: "5s" })],
      escalation: undefined,
      limits: undefined,
    });
    const { told, row } = walk(remediation({ terms: byHand }), () => ({}));
    expect(told).toEqual(["0 failover"]);
    expect(row).toMatchObject({ outcome: "failed", why: "not mended by failover" });
  });

  it("is over at once where nothing that it could do makes sense", () => {
    const { told, row } = walk(remediation(), () => ({ agent: agent({ status: "TERMINATED", tasks: 0 }) }));
    expect(told).toEqual([]);
    expect(row).toMatchObject({ outcome: "not_needed" });
    expect(row.why).toContain("failover: it was deregistered");
  });
});
