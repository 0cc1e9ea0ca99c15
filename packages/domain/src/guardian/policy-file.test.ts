import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { strayFaults } from "../config/broken-parts.fixture.ts";
import type { Policy } from "./policy.ts";
import { readGuardianPolicies } from "./policy-file.ts";
import { triggersOf } from "./trigger.ts";

const SHIPPED = new URL("../../../../config/guardian_policies/", import.meta.url);
const GOOD = `policy:
  name: rescue
  triggers:
    - { event: watchdog.escalation, matchers: ['to="guardian"'] }
    - { alert: agent_lost }
  actions:
    - { type: quarantine }
    - { type: override_priority, priority: HIGH, target: late_task }
    - { type: reallocate_capacity, amount: 2 }
  rollback: { after: 1h30m }
  cooldown: 90s
`;
const read = (...texts: string[]) => readGuardianPolicies(texts.map((text, n) => ({ file: `${"abc"[n]}.yaml`, text })));
const faultsOf = (...texts: string[]) => {
  const result = read(...texts);
  return result.ok ? [] : result.faults;
};

it("reads every member, with the targets that are left out", () => {
  expect(read(GOOD)).toEqual({
    ok: true,
    value: [
      {
        name: "rescue",
        enabled: true,
        triggers: [
          { event: "watchdog.escalation", matchers: ['to="guardian"'] },
          { alert: "agent_lost", matchers: [] },
        ],
        actions: [
          { type: "quarantine", target: "agent_id" },
          { type: "override_priority", target: "late_task", priority: "HIGH" },
          { type: "reallocate_capacity", target: "phase_id", amount: 2 },
        ],
        rollback_after_ms: 5_400_000,
        cooldown_ms: 90_000,
      },
    ],
  });
});

it.each<[string, string, string[]]>([
  [
    "event: watchdog.escalation",
    "event: watchdog.escalated",
    [
      'a.yaml:4:16 policy.triggers[0].event: must be one of watchdog.escalation, monitor.mass_silence, monitor.anomaly.detected, agent.registration_failed, task.deadline_missed, task.stuck, task.dead_lettered, task.unmatchable, ticket.blocked, is "watchdog.escalated". Did you mean `watchdog.escalation`?',
    ],
  ],
  [
    `'to="guardian"'`,
    `'too="guardian"'`,
    [
      "a.yaml:4:48 policy.triggers[0].matchers[0]: watchdog.escalation has no member `too`. There are to, why, agent_id, phase_id, remediation_id, policy, target, attempts, alert_id, alertname, severity, asked, brought_by, limit, agent_status. Did you mean `to`?",
    ],
  ],
  [
    "{ alert: agent_lost }\n  actions:\n    - { type: quarantine }",
    "{ event: task.stuck }\n  actions:\n    - { type: quarantine, target: agentid }",
    [
      expect.stringMatching(
        /^a\.yaml:7:35 policy\.actions\[0\]\.target: .* has no member `agentid`\. .* Did you mean `agent_id`\?$/,
      ),
      expect.stringMatching(/^a\.yaml:8:58 policy\.actions\[1\]\.target: .* has no member `late_task`\./),
    ],
  ],
  [
    "{ alert: agent_lost }",
    "{ alert: agent_lost, event: task.stuck }",
    ["a.yaml:5:7 policy.triggers[1]: must name an `alert` or an `event`, one of the two"],
  ],
  [
    "{ alert: agent_lost }",
    "{ matchers: [] }",
    ["a.yaml:5:7 policy.triggers[1]: must name an `alert` or an `event`, one of the two"],
  ],
  [
    `'to="guardian"'`,
    "'to guardian'",
    [
      'a.yaml:4:48 policy.triggers[0].matchers[0]: to guardian is no matcher: write label="value", with =, !=, =~ or !~',
    ],
  ],
  [
    "type: quarantine",
    "type: quarantin",
    [
      'a.yaml:7:15 policy.actions[0].type: must be one of cancel_task, override_priority, reallocate_capacity, quarantine, release, pause_lane, resume_lane, is "quarantin". Did you mean `quarantine`?',
    ],
  ],
  ["priority: HIGH, ", "", ["a.yaml:8:7 policy.actions[1]: is missing: override_priority needs a `priority`"]],
  [
    "{ type: quarantine }",
    "{ type: quarantine, amount: 3 }",
    ["a.yaml:7:35 policy.actions[0].amount: is not for quarantine"],
  ],
  [
    "{ type: quarantine }",
    "{ type: quarantine, priority: LOW }",
    ["a.yaml:7:37 policy.actions[0].priority: is not for quarantine"],
  ],
  ["amount: 2", "amount: 0", ["a.yaml:9:44 policy.actions[2].amount: must be at least 1"]],
  [
    "after: 1h30m",
    "after: 0s",
    ["a.yaml:10:22 policy.rollback.after: must be some time: at once it would have done nothing"],
  ],
  ["after: 1h30m", "after: 31d", ["a.yaml:10:22 policy.rollback.after: must be at most 30d"]],
  ["cooldown:", "cooldwn:", ["a.yaml:11:3 policy: unknown key `cooldwn`. Did you mean `cooldown`?"]],
])("names what is wrong with %s as %s", (good, bad, faults) => {
  expect(faultsOf(GOOD.replace(good, bad))).toEqual(faults);
});

it("refuses a name that another file has, and names the faults of every file", () => {
  expect(faultsOf(GOOD, GOOD)).toEqual(["b.yaml:2:9 policy.name: rescue is taken already: each needs its own"]);
  expect(faultsOf("policy: 1\n", GOOD, "policy: 2\n")).toHaveLength(2);
});

/** The policies that are shipped; their faults, where they have some. */
function shipped(): Policy[] {
  const files = readdirSync(SHIPPED).map((file) => ({ file, text: readFileSync(new URL(file, SHIPPED), "utf8") }));
  const result = readGuardianPolicies(files);
  expect(result).toMatchObject({ ok: true });
  return result.ok ? result.value : [];
}

it.each<[string, string, Record<string, unknown>, string[]]>([
  ["an agent that the watchdog gave up", "watchdog.escalation", { to: "guardian", agent_id: "a" }, ["emergency"]],
  [
    "a phase for which nobody came",
    "watchdog.escalation",
    { to: "guardian", agent_id: null, phase_id: "P" },
    ["resource_reallocation"],
  ],
  ["what is too much for the fleet", "watchdog.escalation", { to: "guardian", agent_id: "a", limit: "fleet" }, []],
  ["what is handed to somebody else", "watchdog.escalation", { to: "people", agent_id: "a" }, []],
  [
    "a long queue",
    "monitor.alert.triggered",
    { alert_id: "x", rule_id: "high_queue_depth", labels: { phase_id: "P" } },
    ["resource_reallocation"],
  ],
  ["a late task", "task.deadline_missed", { task_id: "t", priority: "HIGH" }, ["priority_override"]],
  [
    "a late task that goes before all others already",
    "task.deadline_missed",
    { task_id: "t", priority: "CRITICAL" },
    [],
  ],
])("ships policies for %s", (_what, type, data, acting) => {
  const found = shipped().filter((policy) => triggersOf(policy)({ id: "x#1#0", type, data }) !== undefined);
  expect(found.map(({ name }) => name)).toEqual(acting);
  for (const { rollback_after_ms } of found) expect(rollback_after_ms).toBeGreaterThan(0);
});

it("tells faults of form and of meaning in one run, and none that follows from what could not be read", () => {
  const text = GOOD.replace("event: watchdog.escalation", "event: watchdog.escalated")
    .replace("type: quarantine", "type: quarantin")
    .replace("{ after: 1h30m }", "{ after: 0s }")
    .replace("alert: agent_lost", "alert: agent_lost, event: task.stuck");
  expect(faultsOf(text).map((line) => line.split(": ")[0])).toEqual([
    "a.yaml:4:16 policy.triggers[0].event",
    "a.yaml:5:7 policy.triggers[1]",
    "a.yaml:7:15 policy.actions[0].type",
    "a.yaml:10:22 policy.rollback.after",
  ]);
});

it("says nothing that follows from a part that could not be read", () => {
  expect(strayFaults(GOOD, faultsOf)).toEqual([]);
  const ofEvents = GOOD.replace("{ alert: agent_lost }", "{ event: task.stuck }")
    .replace(", target: late_task", "")
    .replace("{ type: quarantine }", "{ type: pause_lane, target: phase_id }");
  expect(faultsOf(ofEvents)).toEqual([]);
  expect(strayFaults(ofEvents, faultsOf)).toEqual([]);
  expect(faultsOf(ofEvents.replace(/triggers:\n( {4}.*\n)+/, "triggers: []\n"))).toHaveLength(1);
  // An alert's labels may name any target.
  const either = ofEvents.replace(/event: watchdog.*/, "alert: 7, event: task.stuck }").replace("phase_id", "nowhere");
  expect(faultsOf(either)).toEqual([expect.stringContaining("policy.triggers[0].alert: must be a text")]);
  const many = "    - { type: cancel_task }\n".repeat(8);
  expect(faultsOf(GOOD.replace("    - { type: quarantine }\n", (first) => first + many))).toHaveLength(1);
});
