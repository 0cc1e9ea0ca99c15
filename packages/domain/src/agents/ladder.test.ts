import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { MessageId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { agentRow, NOW, pulseRow, SECOND, slot } from "./agent-row.fixture.ts";
import { climb, degradeUnheard, missesOf, type Rung, recover } from "./ladder.ts";
import type { AgentRow, PulseRow } from "./model.ts";

const MESSAGE = "msg_00000000000000000001" as MessageId;
const at = (seconds: number) => NOW + seconds * SECOND;

/** Every rung that is found at a moment, in their order. */
function climbed(agent: AgentRow, pulse: PulseRow, seconds: number, sighted_since = 0): Rung[] {
  const rungs: Rung[] = [];
  for (let on = agent; ; ) {
    const rung = climb(on, pulse, { now: at(seconds), sighted_since, limits });
    if (rung === undefined) return rungs;
    rungs.push(rung);
    on = rung.after;
  }
}
const told = (rungs: readonly Rung[]) =>
  rungs.map(({ after, events }) => [after.silence?.misses, after.status, events.length]);

describe("an agent that falls silent", () => {
  it.each<{ when: string; pulse: Partial<PulseRow>; seconds: number; rungs: unknown[] }>([
    { when: "within its tolerance", pulse: {}, seconds: 32, rungs: [] },
    { when: "after one interval is warned of", pulse: {}, seconds: 32.001, rungs: [[1, "IDLE", 1]] },
    {
      when: "after two takes no new task",
      pulse: {},
      seconds: 62.001,
      rungs: [
        [1, "IDLE", 1],
        [2, "DEGRADED", 2],
      ],
    },
    {
      when: "after three has failed, and one by one even when found at once",
      pulse: {},
      seconds: 92.001,
      rungs: [
        [1, "IDLE", 1],
        [2, "DEGRADED", 2],
        [3, "FAILED", 2],
      ],
    },
    {
      when: "never gets beyond that",
      pulse: {},
      seconds: 9_000,
      rungs: [
        [1, "IDLE", 1],
        [2, "DEGRADED", 2],
        [3, "FAILED", 2],
      ],
    },
    { when: "as it promised", pulse: { next_by: at(600) }, seconds: 602, rungs: [] },
    { when: "longer than it promised", pulse: { next_by: at(600) }, seconds: 602.001, rungs: [[1, "IDLE", 1]] },
  ])("$when", ({ pulse, seconds, rungs }) => {
    expect(told(climbed(agentRow(), pulseRow(pulse), seconds))).toEqual(rungs);
  });

  it("while it works is judged by the shorter interval", () => {
    const agent = agentRow({ slots: { 0: slot(1) } });
    const pulse = pulseRow({ status: "RUNNING" });
    expect(told(climbed(agent, pulse, 47))).toEqual([
      [1, "IDLE", 1],
      [2, "DEGRADED", 2],
    ]);
    expect(climbed(agent, pulse, 47.001).at(-1)?.events).toEqual([
      { type: "agent.heartbeat.missed", data: { count: 3 } },
      { type: "agent.status_changed", data: { from: "DEGRADED", to: "FAILED", task_id: slot(1).task_id } },
    ]);
  });

  it.each(["SPAWNING", "QUARANTINED", "FAILED", "TERMINATED"] as const)("is held to nothing while %s", (status) => {
    expect(climbed(agentRow({ status }), pulseRow(), 900)).toEqual([]);
  });

  it("keeps what was counted before nobody looked, and gets one more interval", () => {
    const [first] = climbed(agentRow(), pulseRow(), 33);
    if (first === undefined) throw new Error("Nothing was counted");
    expect(climbed(first.after, pulseRow(), 331, at(300))).toEqual([]);
    expect(told(climbed(first.after, pulseRow(), 333, at(300)))).toEqual([[2, "DEGRADED", 2]]);
  });
});

describe("a good beat", () => {
  const silent = climbed(agentRow({ slots: { 0: slot(1) } }), pulseRow(), 63).at(-1)?.after ?? agentRow();

  it("brings a degraded agent back and clears the count", () => {
    const rung = recover(silent, at(70), []);
    expect(rung).toMatchObject({
      after: { status: "IDLE", silence: undefined },
      events: [{ type: "agent.status_changed", data: { from: "DEGRADED", to: "RUNNING" } }],
    });
  });

  it("clears the count of an agent that was only warned of, without a write", () => {
    const [warned] = climbed(agentRow(), pulseRow(), 33);
    if (warned === undefined) throw new Error("Nothing was counted");
    expect(missesOf(warned.after, pulseRow())).toBe(1);
    expect(missesOf(warned.after, pulseRow({ beat_at: at(40) }))).toBe(0);
    expect(recover(warned.after, at(40), [])).toBeUndefined();
  });

  it.each<[string, AgentRow, number]>([
    ["is the one after which the silence began", silent, 0],
    ["comes from an agent that is degraded for another reason", agentRow({ status: "DEGRADED" }), 70],
    ["comes from one that has failed", { ...silent, status: "FAILED" }, 70],
  ])("changes nothing when it %s", (_when, agent, seconds) => {
    expect(recover(agent, at(seconds), [])).toBeUndefined();
  });
});

describe("messages that are not acknowledged", () => {
  const box = pulseRow({ beats: 9, mail: [{ id: MESSAGE, at: NOW, beats: 6 }], mail_last: 4 });
  const deaf = degradeUnheard(agentRow({ slots: { 0: slot(1) } }), box, NOW, limits)?.after ?? agentRow();

  it("degrade an agent once, with the reason", () => {
    expect(degradeUnheard(agentRow(), box, NOW, limits)).toMatchObject({
      after: { status: "DEGRADED", unheard: 4, why: "has not acknowledged message 4 in 3 heartbeats" },
      events: [{ type: "agent.status_changed", data: { from: "IDLE", to: "DEGRADED" } }],
    });
    expect(degradeUnheard(deaf, box, NOW, limits)).toBeUndefined();
    expect(degradeUnheard(agentRow(), { ...box, acked: 4 }, NOW, limits)).toBeUndefined();
    expect(degradeUnheard(agentRow(), { ...box, beats: 8 }, NOW, limits)).toBeUndefined();
  });

  it.each([
    { open: [4, 5], back: false },
    { open: [3], back: false },
    // A newer one may still be unheard of.
    { open: [5], back: true },
    { open: [], back: true },
  ])("$open left, a good beat brings it back: $back", ({ open, back }) => {
    const rung = recover(deaf, at(30), open);
    expect(rung?.after.status).toBe(back ? "IDLE" : undefined);
    if (back) expect(rung?.events).toMatchObject([{ data: { to: "RUNNING" } }]);
  });

  it("keep an agent DEGRADED that fell silent as well, until both are over", () => {
    const [both] = climbed(deaf, pulseRow(), 33);
    if (both === undefined) throw new Error("Nothing was counted");
    expect(recover(both.after, at(40), [4])).toBeUndefined();
    expect(recover(both.after, at(0), [])).toBeUndefined();
    expect(recover(both.after, at(40), [])?.after).toMatchObject({ status: "IDLE", unheard: undefined });
  });
});
