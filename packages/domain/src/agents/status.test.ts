import { AGENT_STATUSES, type AgentStatus } from "@omoios/contracts/shapes/agent";
import { describe, expect, it } from "vitest";
import { agentRow, slot } from "./agent-row.fixture.ts";
import { agentLifecycle, changeStatus } from "./status.ts";

/** The specification's table, a row for each status to leave, a column for each to go to, in the order of `AGENT_STATUSES`. */
const TABLE: Record<AgentStatus, string> = {
  SPAWNING: "-x-xx-x",
  IDLE: "--xx-xx",
  RUNNING: "-x-xxxx",
  DEGRADED: "-xx-xxx",
  FAILED: "-----xx",
  QUARANTINED: "-x----x",
  TERMINATED: "-------",
};
const pairs = AGENT_STATUSES.flatMap((from) =>
  AGENT_STATUSES.map((to, column) => ({ from, to, allowed: TABLE[from][column] === "x" })),
);

/** An agent that is shown in that status, or would be after a change to it. */
const shown = (status: AgentStatus, other: AgentStatus) => {
  const slots = status === "RUNNING" || other === "RUNNING" ? { 0: slot(1) } : {};
  return agentRow({ status: status === "RUNNING" ? "IDLE" : status, slots });
};
/** IDLE and RUNNING follow from the slots: no change is asked for between them, nor into SPAWNING or RUNNING without them. */
const stored = pairs.filter(({ from, to }) => !(isActive(from) && isActive(to)));
function isActive(status: AgentStatus): boolean {
  return status === "IDLE" || status === "RUNNING";
}

describe("the table", () => {
  it.each(pairs)("$from to $to: $allowed", ({ from, to, allowed }) => {
    expect(agentLifecycle.can(from, to)).toBe(allowed);
  });
});

describe("a change", () => {
  it.each(
    // An agent in one of these holds a slot only while it is RUNNING, and IDLE is one without.
    stored.filter(({ from, to }) => !(from === "IDLE" && to === "RUNNING") && !(from === "RUNNING" && to === "IDLE")),
  )("from $from to $to: $allowed", ({ from, to, allowed }) => {
    const agent = shown(from, to);
    const outcome = changeStatus(agent, { to: to === "RUNNING" ? "IDLE" : to, why: "a test" });
    if (!allowed) {
      expect(outcome).toMatchObject({
        accepted: false,
        problem: { code: "agent.status_refused", extra: { allowed: agentLifecycle.transitions[from] } },
      });
      return;
    }
    expect(outcome).toMatchObject({
      accepted: true,
      value: { after: { why: "a test" }, event: { type: "agent.status_changed", data: { from, to } } },
    });
    expect(outcome.accepted && outcome.value.event.data).not.toHaveProperty("forced");
  });

  it.each(stored)("by force from $from to $to is refused only where it changes nothing", ({ from, to }) => {
    const outcome = changeStatus(shown(from, to), { to: to === "RUNNING" ? "IDLE" : to, why: "a test", forced: true });
    if (from === to) expect(outcome).toMatchObject({ accepted: false, problem: { code: "agent.status_refused" } });
    else expect(outcome).toMatchObject({ accepted: true, value: { event: { data: { from, to, forced: true } } } });
  });

  it.each(["IDLE", "RUNNING"] as const)("to the %s that it is already is refused", (status) => {
    expect(changeStatus(shown(status, status), { to: "IDLE", why: "a test" })).toMatchObject({ accepted: false });
  });

  it("names the task that the agent held", () => {
    const outcome = changeStatus(agentRow({ slots: { 0: slot(1) } }), { to: "DEGRADED", why: "a test" });
    expect(outcome).toMatchObject({ value: { event: { data: { task_id: slot(1).task_id } } } });
    const without = changeStatus(agentRow(), { to: "DEGRADED", why: "a test" });
    expect(without.accepted && without.value.event.data).toEqual({ from: "IDLE", to: "DEGRADED" });
  });
});
