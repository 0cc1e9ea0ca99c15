import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { strayFaults } from "../config/broken-parts.fixture.ts";
import { overridePolicies } from "./override-policies.ts";
import { policyOf } from "./policy.ts";
import { readPolicies } from "./policy-file.ts";

const FOLDER = new URL("../../../../config/watchdog_policies/", import.meta.url);

const shipped = () => readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), "utf8") }));

const faultsOf = (text: string) => {
  const read = readPolicies([{ file: "p.yaml", text }]);
  return read.ok ? [] : read.faults;
};

const LEAST = `policy:
  name: p
  triggers: [{ alert: a }]
  actions: [{ type: restart }]
`;

describe("the shipped policies", () => {
  it("are whole, and the first is as the specification writes it", () => {
    const read = readPolicies(shipped());
    if (!read.ok) throw new Error(read.faults.join("\n"));
    const names = read.value.map(({ name }) => name);
    expect(names).toEqual(["anomaly_quarantine", "queue_scale_out", "stuck_worker", "worker_restart"]);
    expect(policyOf(read.value[3] as (typeof read.value)[number])).toMatchObject({
      triggers: [{ alert: "agent_unresponsive" }, { event: "agent.heartbeat.missed" }],
      terms: {
        actions: [{ type: "requeue_tasks" }, { type: "restart", verify_within_ms: 60_000 }, { type: "failover" }],
        limits: {
          per_target: { most: { count: 3 }, window_ms: 3_600_000 },
          per_fleet: { most: { percent: 10 }, window_ms: 300_000 },
          cooldown_ms: 60_000,
        },
        escalation: { to: "guardian", after_attempts: 2, within_ms: 300_000 },
        authority: "MONITOR",
      },
    });
  });
});

test.each([
  [
    "an unknown action",
    LEAST.replace("restart", "restert"),
    'p.yaml:4:21 policy.actions[0].type: must be one of restart, recycle_token, requeue_tasks, failover, scale_out, quarantine, notify, escalate, is "restert". Did you mean `restart`?',
  ],
  [
    "an unknown key",
    `${LEAST}  limit: { cooldown: 60s }\n`,
    "p.yaml:5:3 policy: unknown key `limit`. Did you mean `limits`?",
  ],
  [
    "no trigger of both kinds",
    LEAST.replace("{ alert: a }", "{ alert: a, event: task.stuck }"),
    "p.yaml:3:14 policy.triggers[0]: a trigger names an `alert` or an `event`, one of the two",
  ],
  [
    "an event that it does not hear",
    LEAST.replace("alert: a", "event: task.stuk"),
    "p.yaml:3:23 policy.triggers[0].event: the watchdog does not hear task.stuk.",
  ],
  [
    "a condition with a mistake in it",
    LEAST.replace("alert: a", 'event: agent.heartbeat.missed, condition: "cont >= 3"'),
    "p.yaml:3:59 policy.triggers[0].condition: `cont` is no member of it.",
  ],
  [
    "its own alerts",
    LEAST.replace("alert: a", "alert: watchdog_remediation_failed"),
    "p.yaml:3:23 policy.triggers[0].alert: watchdog_remediation_failed tells of the watchdog itself",
  ],
  [
    "a limit that says nothing",
    `${LEAST}  limits: { per_target: often }\n`,
    "p.yaml:5:25 policy.limits.per_target: must be so often within so long",
  ],
  [
    "a share of one target",
    `${LEAST}  limits: { per_target: 10%/1h }\n`,
    "p.yaml:5:25 policy.limits.per_target: one target has no share",
  ],
  [
    "an action above its authority",
    `${LEAST}  authority: WATCHDOG\n`,
    "p.yaml:4:21 policy.actions[0].type: restart takes the authority MONITOR",
  ],
  [
    "an authority that it cannot have",
    `${LEAST}  authority: GUARDIAN\n`,
    "p.yaml:5:14 policy.authority: must be one of WATCHDOG, MONITOR",
  ],
  [
    "the same action twice",
    LEAST.replace("{ type: restart }", "{ type: restart }, { type: restart }"),
    "p.yaml:4:40 policy.actions[1].type: restart stands here twice",
  ],
  [
    "something after an escalation",
    LEAST.replace("{ type: restart }", "{ type: escalate }, { type: restart }"),
    "p.yaml:4:21 policy.actions[0].type: what is escalated",
  ],
  [
    "a member of another action",
    LEAST.replace("type: restart", "type: restart, workers: 2"),
    "p.yaml:4:30 policy.actions[0]: `workers` belongs to scale_out",
  ],
  [
    "a time to verify what is there at once",
    LEAST.replace("type: restart", "type: quarantine, verify_within: 5s"),
    "p.yaml:4:33 policy.actions[0]: the effect of quarantine is there at once",
  ],
])("%s is refused at its place", (_what, text, fault) => {
  expect(faultsOf(text)).toEqual([expect.stringContaining(fault)]);
});

test("a name that another file has is refused", () => {
  const read = readPolicies([
    { file: "a.yaml", text: LEAST },
    { file: "b.yaml", text: LEAST },
  ]);
  expect(read).toEqual({ ok: false, faults: ["b.yaml:2:9 policy.name: there is a policy p already, in a.yaml"] });
});

describe("variables over the policies", () => {
  const policies = () => {
    const read = readPolicies(shipped());
    return read.ok ? read.value : [];
  };

  it("change what they name, in any case, and nothing else", () => {
    const base = policies();
    const read = overridePolicies(base, {
      OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN: "30s",
      omoi_watchdog__stuck_worker__dry_run: "false",
      OMOI_WATCHDOG__WORKER_RESTART__ESCALATION__AFTER_ATTEMPTS: "1",
    });
    if (!read.ok) throw new Error(read.faults.join("\n"));
    const of = (name: string) => read.value.find((policy) => policy.name === name);
    expect(of("worker_restart")).toMatchObject({
      limits: { cooldown: "30s", per_target: "3/1h" },
      escalation: { after_attempts: 1 },
    });
    expect(of("stuck_worker")).toMatchObject({ dry_run: false });
    expect(of("queue_scale_out")).toEqual(base.find(({ name }) => name === "queue_scale_out"));
  });

  test.each([
    [
      "OMOI_WATCHDOG__WORKER_RESTRAT__ENABLED",
      "false",
      "unknown policy or key. Did you mean `OMOI_WATCHDOG__WORKER_RESTART`?",
    ],
    [
      "OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDWN",
      "1s",
      "Did you mean `OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN`?",
    ],
    ["OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN", "30", "limits.cooldown: must be a duration"],
    ["OMOI_WATCHDOG__WORKER_RESTART__LIMITS__PER_TARGET", "3", "limits.per_target: must be so often within so long"],
    ["OMOI_WATCHDOG__WORKER_RESTART__AUTHORITY", "WATCHDOG", "restart takes the authority MONITOR"],
    ["OMOI_WATCHDOG__WORKER_RESTART", "false", "names no key of the policy"],
    ["OMOI_WATCHDOG__WORKER_RESTART__ENABLED", "", "is empty"],
  ])("%s=%s is a fault", (name, value, fault) => {
    const read = overridePolicies(policies(), { [name]: value });
    expect(read).toMatchObject({ ok: false });
    const faults = read.ok ? "" : read.faults.join("\n");
    expect(faults).toContain(fault);
    expect(faults).toContain(name);
  });
});

test("faults of form and of meaning are told in one run, and none that follows from what could not be read", () => {
  const text = `policy:
  name: p
  triggers: [{ alert: watchdog_escalation }, { event: task.done, condition: "count >= 3" }]
  actions: [{ type: restert, verify_within: 60s }, { type: requeue_tasks, workers: 3 }, { type: quarantine }]
  limits: { per_target: 10%/5m, cooldown: soon }
  authority: GUARDAIN
`;
  const places = faultsOf(text).map((line) =>
    line.replace(/: (?:must|watchdog_|the watchdog|one target|`|unknown).*/, ""),
  );
  expect(places).toEqual([
    "p.yaml:3:23 policy.triggers[0].alert",
    "p.yaml:3:55 policy.triggers[1].event",
    "p.yaml:4:21 policy.actions[0].type",
    "p.yaml:4:75 policy.actions[1]",
    "p.yaml:5:25 policy.limits.per_target",
    "p.yaml:5:43 policy.limits.cooldown",
    "p.yaml:6:14 policy.authority",
  ]);
});

test("says nothing that follows from a part that could not be read", () => {
  const whole = `policy:
  name: p
  triggers: [{ alert: a }, { event: agent.heartbeat.missed, condition: "count >= 3" }]
  actions: [{ type: requeue_tasks }, { type: restart, verify_within: 60s }, { type: notify, receivers: [b], severity: error }, { type: escalate }]
  limits: { per_target: 3/1h, per_fleet: 10%/5m, cooldown: 60s }
  authority: MONITOR
`;
  expect(faultsOf(whole)).toEqual([]);
  expect(strayFaults(whole, faultsOf)).toEqual([]);
  expect(faultsOf(LEAST.replace("[{ type: restart }]", "[]"))).toHaveLength(1);
  expect(faultsOf(LEAST.replace("[{ alert: a }]", "[]"))).toHaveLength(1);
});
