import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gameday } from "./game-day.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "omoi-gameday-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

const START = "{ at: 0s, do: start_agents, count: 2 }";

it.each([
  [
    "an act that is none",
    `timeline: [{ at: 1s, do: kil_agent, which: 1 }]\nexpect: [{ task: reassigned, within: 1m }]`,
    /:2:26 timeline\[0\]\.do: must be one of start_agents.*Did you mean `kill_agent`\?/,
  ],
  [
    "an agent that is never started",
    `timeline: [${START}, { at: 1s, do: kill_agent, which: 3 }]\nexpect: [{ task: reassigned, within: 1m }]`,
    /timeline\[1\]\.which: names agent 3; by then 2 are started/,
  ],
  [
    "an alert that nothing makes",
    `timeline: [${START}]\nexpect: [{ alert: agent_unresponsiv }]`,
    /:3:19 expect\[0\]\.alert: there is no alert agent_unresponsiv\. Did you mean `agent_unresponsive`\?/,
  ],
  [
    "a policy that is none",
    `timeline: [${START}]\nexpect: [{ remediation: worker_restrt, within: 1m }]`,
    /there is no policy worker_restrt\. Did you mean `worker_restart`\?/,
  ],
  [
    "a receiver that the routing lacks",
    `timeline: [${START}]\nexpect: [{ notifications: { slack: 1 } }]`,
    /expect\[0\]\.notifications\.slack: there is no receiver slack/,
  ],
  [
    "a task that nobody loses",
    `timeline: [${START}]\nexpect: [{ task: reassigned, within: 1m }]`,
    /no agent is killed or muted/,
  ],
  [
    "an end before the last entry",
    `timeline: [{ at: 2m, do: start_agents, count: 1 }]\nuntil: 1m\nexpect: [{ alert: agent_unresponsive }]`,
    /:3:8 until: comes before the last entry/,
  ],
  [
    "a routing of its own that is wrong",
    `routing: { receivers: [{ name: a, type: mail }], route: { receiver: a } }\ntimeline: [${START}]\nexpect: [{ alert: agent_unresponsive }]`,
    /:2:\d+ routing\.receivers\[0\].*must be one of email/,
  ],
  [
    "a history of a metric that is none",
    `history: [{ metric: tasks_queued_totl, between: [1, 2] }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:21 history\[0\]\.metric: there is no metric tasks_queued_totl\. Did you mean `tasks_queued_total`\?/,
  ],
  [
    "a history of a label that its metric lacks",
    `history: [{ metric: tasks_running, labels: { phase: A }, between: [1, 2] }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:53 history\[0\]\.labels\.phase: is no label of the metric: it has phase_id/,
  ],
  [
    "a history of a counter",
    `history: [{ metric: tasks_failed_total, between: [1, 2] }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:21 history\[0\]\.metric: tasks_failed_total is a counter, which only rises/,
  ],
  [
    "a history too short to learn from",
    `history: [{ metric: tasks_running, between: [1, 2], for: 3h }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:11 history\[0\]: makes 180 points: more than 200 are needed/,
  ],
  [
    "a history of more than a day, upside down",
    `history: [{ metric: tasks_running, between: [2, 1], for: 2d, every: 5m }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:45 history\[0\]\.between: has its lower value first\n.*:2:58 history\[0\]\.for: is longer than 1d/,
  ],
  [
    "two histories of one series",
    `history: [{ metric: tasks_running, between: [1, 2] }, { metric: tasks_running, between: [3, 4] }]\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]`,
    /:2:55 history\[1\]: is of the same series as one before it/,
  ],
  ["nothing that is expected", `timeline: [${START}]\nexpect: []`, /:3:9 expect: /],
])("%s is refused with its place", async (_what, text, fault) => {
  const file = join(dir, "day.yaml");
  writeFileSync(file, `title: A day\n${text}\n`);
  const { out, exit } = await gameday("run", file);
  expect(out).toMatch(fault);
  expect(out.startsWith(`${file}:`)).toBe(true);
  expect(exit).toBe(2);
});

it("a file that is not there is wrong use", async () => {
  const { err, exit } = await gameday("run", join(dir, "none.yaml"));
  expect(err).toMatch(/cannot read .*none\.yaml/);
  expect(exit).toBe(2);
});
