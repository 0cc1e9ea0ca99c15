import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";

const NOWHERE = { url: "http://127.0.0.1:1", api_key: "omoi_sk_x" };
const RULE = "name: a, metric: agent.anomaly_score, condition: value > 1, severity: error";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "omoi-rules-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const check = (...args: string[]) => runOmoi(["rules", "check", ...args], NOWHERE);

it("the shipped rules are in order, and no plane is asked", async () => {
  const shipped = ["agents", "work", "watchdog"].map((name) => `config/alert_rules/${name}.yaml`);
  expect(await check(...shipped)).toEqual({ out: "9 rules are in order\n", err: "", exit: 0 });
});

it("faults of all files are told with their places, and the answer is 2", async () => {
  const bad = file("bad.yaml", `rules:\n  - { ${RULE.replace("value > 1", "value >> 1")} }\n`);
  const unknown = file(
    "unknown.yaml",
    `rules:\n  - { ${RULE.replace("agent.anomaly_score", "agent.anomaly_scores")} }\n`,
  );
  const { out, exit } = await check(bad, unknown);
  expect(out.split("\n")).toEqual([
    `${bad}:2:62 rules[0].condition: unknown operator \`>>\`. There are > >= < <= == !=.`,
    `${unknown}:2:24 rules[0].metric: unknown metric \`agent.anomaly_scores\`. Did you mean \`agent.anomaly_score\`?`,
    "",
  ]);
  expect(exit).toBe(2);
  expect(JSON.parse((await check(bad, "--json")).out)).toEqual({ rules: [], faults: [out.split("\n")[0]] });
});

it("a rule on a metric that has what is sent alone is in order, and that is said", async () => {
  const sent = file("sent.yaml", `rules:\n  - { ${RULE.replace("agent.anomaly_score", "resource_locks_active")} }\n`);
  const { out, err, exit } = await check(sent);
  expect([out, exit]).toEqual(["1 rule is in order\n", 0]);
  expect(err).toContain("the plane does not measure resource_locks_active");
});

it("receivers are held to the routing file", async () => {
  const routing = file("routing.yaml", "receivers: [{ name: slack, type: slack }]\nroute: { receiver: slack }\n");
  const rules = file("routed.yaml", `rules:\n  - { ${RULE}, routing: [slck] }\n`);
  const { out, exit } = await check(rules, "--routing", routing);
  expect(out).toBe(`${rules}:2:94 rules[0].routing[0]: unknown receiver \`slck\`. Did you mean \`slack\`?\n`);
  expect(exit).toBe(2);
});

it("a file that is not there is wrong use", async () => {
  const { err, exit } = await check(join(dir, "none.yaml"));
  expect(err).toMatch(/^omoi: cannot read .*none\.yaml: ENOENT/);
  expect(exit).toBe(2);
});

const SLOW = `rules: [{ name: slow, metric: agent.progress_age_seconds, condition: "value > 600", severity: warning, for: 5m }]
routing: { receivers: [{ name: main, type: webhook }], route: { receiver: main, group_wait: 30s } }
start: 2026-01-05T10:00:00Z
until: 60m
evaluation_interval: 1m
silences: []
series: [{ metric_name: agent.progress_age_seconds, labels: { agent_id: a1 }, samples: [{ from: 0m, to: 20m, every: 1m, value: 700 }] }]
acts: [{ at: 8m, do: acknowledge, alert: slow }, { at: 30m, do: pause_sweep, for: 10m }]
expect:
  notifications: [{ receiver: main, status: firing, between: [5m, 7m] }]
  nothing_else: true
`;

const tested = (text: string, ...options: string[]) =>
  runOmoi(["rules", "test", file("slow.yaml", text), ...options], NOWHERE);

it("rules are tested together with routing and escalation", async () => {
  const { out, exit } = await tested(SLOW);
  expect(out).toBe(
    `${join(dir, "slow.yaml")}: as expected\n  told        main firing at 5m30s: slow {agent_id="a1"}\n`,
  );
  expect(exit).toBe(0);
});

it("a test that is not met says what was told, what was not, and why an act failed", async () => {
  const { out, exit } = await tested(SLOW.replace("[5m, 7m]", "[1m, 2m]").replace("at: 8m", "at: 2m"));
  expect(out.split("\n")).toEqual([
    `${join(dir, "slow.yaml")}: not as expected`,
    '  unexpected  main firing at 5m30s: slow {agent_id="a1"}',
    "  missing     main firing between 1m and 2m",
    expect.stringMatching(/^ {2}refused {5}act at 2m: .*pending/),
    "",
  ]);
  expect(exit).toBe(1);
});

it("the file's own faults are told with their places, and the answer is 2", async () => {
  const { out, exit } = await tested(SLOW.replace("value > 600", "value > 600 adn"));
  expect(out).toBe(
    `${join(dir, "slow.yaml")}:1:83 rules[0].condition: \`and\` or \`or\` is missing before \`adn\`. Did you mean \`and\`?\n`,
  );
  expect(exit).toBe(2);
});

it("a test's file can be checked like one of rules, without being run", async () => {
  const wrong = SLOW.replace("[5m, 7m]", "[1m, 2m]");
  expect(await check(file("whole.yaml", wrong))).toEqual({ out: "1 rule is in order\n", err: "", exit: 0 });
  const { out, exit } = await check(file("late.yaml", SLOW.replace("until: 60m", "until: soon")));
  expect(out).toMatch(/^\S+late\.yaml:4:8 until: must be whole numbers/);
  expect(exit).toBe(2);
});

it("without a routing of its own a test takes the shipped one", async () => {
  const text = SLOW.replace(/^routing: .*\n/m, "").replace("receiver: main", "receiver: mail");
  expect((await tested(text, "--json")).exit).toBe(0);
});
