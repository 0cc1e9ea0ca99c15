import type { Envelope } from "@omoios/contracts/events";
import { describe, expect, it } from "vitest";
import { event } from "../event.fixture.ts";
import type { Trigger } from "./policy.ts";
import { triggersOf } from "./trigger.ts";

const alert = (labels: Record<string, string>, more: object = {}) =>
  event("monitor.alert.triggered", { rule_id: "slow", alert_id: "alert_1", severity: "critical", labels, ...more });

const cue = (trigger: Partial<Trigger>, heard: Envelope, enabled = true) =>
  triggersOf({ enabled, triggers: [{ matchers: [], ...trigger }] })(heard);

describe("a trigger", () => {
  it.each<[string, Partial<Trigger>, Envelope, boolean]>([
    ["of the event", { event: "task.stuck" }, event("task.stuck", {}), true],
    ["of another event", { event: "task.stuck" }, event("ticket.blocked", {}), false],
    ["of a member", { event: "task.stuck", matchers: ['fence="2"'] }, event("task.stuck", { fence: 2 }), true],
    ["of another member", { event: "task.stuck", matchers: ['fence="2"'] }, event("task.stuck", { fence: 3 }), false],
    ["of a missing member", { event: "task.stuck", matchers: ['priority!="LOW"'] }, event("task.stuck", {}), true],
    ["of the alert's rule", { alert: "slow" }, alert({}), true],
    ["of the alert's name", { alert: "slower" }, alert({ alertname: "slower" }), true],
    ["of another alert", { alert: "slow" }, alert({ alertname: "slower" }), false],
    ["of an alert, not of an event of that name", { alert: "task.stuck" }, event("task.stuck", {}), false],
    [
      "of a label and the severity",
      { alert: "slow", matchers: ['a=~"x.*"', "severity=critical"] },
      alert({ a: "xy" }),
      true,
    ],
    ["of both, where one fails", { alert: "slow", matchers: ['a="x"', "severity=error"] }, alert({ a: "x" }), false],
  ])("%s", (_what, trigger, heard, fires) => {
    expect(cue(trigger, heard) !== undefined).toBe(fires);
  });

  it("of a policy that is switched off never fires", () => {
    expect(cue({ event: "task.stuck" }, event("task.stuck", {}), false)).toBeUndefined();
  });

  it("is caused by the occurrence of an alert, or by the event itself", () => {
    expect(cue({ alert: "slow" }, alert({ phase_id: "PHASE_A" }))).toMatchObject({
      cause: "alert_1",
      title: "the alert slow",
      labels: { phase_id: "PHASE_A", severity: "critical" },
    });
    expect(cue({ event: "task.stuck" }, event("task.stuck", { task_id: "t", list: [1] }))).toEqual({
      cause: "agent_a#7#0",
      title: "task.stuck",
      labels: { task_id: "t" },
    });
  });
});
