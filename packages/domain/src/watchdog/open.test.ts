import { consumers } from "@omoios/contracts/consumers";
import { describe, expect, it, test } from "vitest";
import { event } from "../event.fixture.ts";
import { WATCHDOG_EVENTS } from "./event-sources.ts";
import { occasionOf, remediationIdOf, targetOf } from "./open.ts";
import { policyOf } from "./policy.ts";
import { readPolicies } from "./policy-file.ts";

const policies = (triggers: string) => {
  const text = `policy:\n  name: p\n  triggers: ${triggers}\n  actions: [{ type: notify }]\n`;
  const read = readPolicies([{ file: "p.yaml", text }]);
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return read.value.map(policyOf);
};

describe("an occasion", () => {
  it("of an alert is its occurrence, by whatever event it is told", () => {
    const labels = { alertname: "dead", agent_id: "agent_a" };
    const told = event("monitor.alert.triggered", {
      rule_id: "dead",
      alert_id: "alert_1",
      severity: "critical",
      labels,
    });
    expect(occasionOf(told, policies("[{ alert: dead }]"))?.occasion).toEqual({
      key: "alert_1",
      target: { kind: "agent", id: "agent_a" },
      alert_id: "alert_1",
      alertname: "dead",
      severity: "critical",
    });
    expect(occasionOf(told, policies("[{ alert: other }]"))).toBeUndefined();
  });

  it("of an event is the event, where its condition holds", () => {
    const triggers = '[{ event: agent.heartbeat.missed, condition: "count >= 3" }]';
    const missed = (count: number) => event("agent.heartbeat.missed", { agent_id: "agent_a", count });
    expect(occasionOf(missed(2), policies(triggers))).toBeUndefined();
    expect(occasionOf(missed(3), policies(triggers))?.occasion).toEqual({
      key: "agent_a#7#0",
      target: { kind: "agent", id: "agent_a" },
    });
  });

  it("is none for a policy that is not enabled", () => {
    const [off] = policies("[{ event: task.stuck }]").map((policy) => ({ ...policy, enabled: false }));
    expect(off && occasionOf(event("task.stuck", {}), [off])).toBeUndefined();
  });
});

test.each([
  [
    { agent_id: "agent_a", phase_id: "P" },
    { kind: "agent", id: "agent_a" },
  ],
  [{ phase_id: "P" }, { kind: "phase", id: "P" }],
  [{ agent_id: "" }, { kind: "plane", id: "plane" }],
  [{ agent_id: "x".repeat(101) }, { kind: "plane", id: "plane" }],
])("what is to be mended by %o is %o", (labels, target) => {
  expect(targetOf(labels)).toEqual(target);
});

test("the same policy and occasion are one remediation, others are others", () => {
  const ids = [
    ["p", "a"],
    ["p", "a"],
    ["q", "a"],
    ["p", "b"],
  ].map(([policy = "", key = ""]) => remediationIdOf(policy, key));
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toBe(ids[1]);
});

test("the rule on the bus lets through what a policy may name, and what ends what it began", () => {
  const row = consumers.find(({ name }) => name === "watchdog");
  expect([...(row?.events ?? [])].sort()).toEqual([...WATCHDOG_EVENTS].sort());
});
