import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { paginate } from "@omoios/sdk/paginate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { failed } from "../gamedays/game-day.ts";
import { fileWriter, type GameDayStage, startGameDayStage } from "../gamedays/stage.ts";
import { until } from "../harness/until.ts";

const ROUTING = `
routing:
  receivers: [{ name: mail, type: email }, { name: slack, type: slack }]
  route:
    receiver: mail
    group_wait: 5m
    routes: [{ matchers: ['severity=~"critical|error"'], receiver: slack, group_wait: 0s }]
`;
const DEAD_WORKER = `
title: A worker dies in the middle of a task
hypothesis:
  - { probe: alerts.firing, is: 0 }
  - { probe: agents.active, is: 4 } # one of them is none of the game day's
timeline:
  - { at: 0s, do: start_agents, count: 3 }
  - { at: 20s, do: kill_agent, which: 1 }
expect:
  - { alert: agent_unresponsive, within: 3m, times: 1 }
  - { remediation: worker_restart, within: 3m }
  - { task: reassigned, within: 3m }
  - { notifications: { slack: 1 } }
  - { probe: agents.active, is: 4 }
task_takes: 15s
until: 2m
until_met: true
rollback: [{ do: stop_agents }]
${ROUTING}`;

const files = fileWriter();
const dead_worker = files.write(DEAD_WORKER);
let stage: GameDayStage;
beforeAll(async () => {
  stage = await startGameDayStage(dead_worker);
});
afterAll(async () => {
  await stage.remove();
  files.remove();
});

/** What a run left: agents that live, beside the one that is none of its own, open tickets, alerts that fire. */
async function left(): Promise<number[]> {
  const { operator } = stage.plane;
  const [agents, tickets, alerts] = await Promise.all([
    operator.listAgents({ query: { limit: 100 } }),
    operator.listTickets({ query: { limit: 100 } }),
    operator.listAlerts({ query: { limit: 100 } }),
  ]);
  return [
    agents.items.filter(({ status }) => status !== "TERMINATED").length - 1,
    tickets.items.filter(({ status }) => status !== "cancelled").length,
    alerts.items.length,
  ];
}
const NOTHING = [0, 0, 0];

it("a worker that dies on a stage that runs is noticed, told of, and replaced", { timeout: 180_000 }, async () => {
  const report = await stage.reported(dead_worker);
  expect(failed(report)).toEqual([]);
  expect(report).toMatchObject({ pages: 1, false_pages: 0 });
  expect(report.repaired_ms).toBeGreaterThan(report.detected_ms ?? Number.POSITIVE_INFINITY);
  const traced = report.timeline.filter(({ trace_id }) => trace_id !== null && trace_id === report.trace_id);
  expect(traced.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^agent.heartbeat.missed .* 3$/),
      "monitor.alert.triggered agent_unresponsive",
      "watchdog.remediation.completed worker_restart succeeded",
    ]),
  );
  expect(report.timeline).toContainEqual(expect.objectContaining({ text: "slack: firing agent_unresponsive" }));
  expect(await left()).toEqual(NOTHING);
});

it("a hypothesis that does not hold ends the run before anything is broken", async () => {
  const file = files.write(`
title: Nine are said to live
hypothesis: [{ probe: agents.active, is: 9 }]
timeline: [{ at: 0s, do: start_agents, count: 1 }, { at: 1s, do: kill_agent, which: 1 }]
expect: [{ alert: agent_unresponsive }]
`);
  const report = await stage.reported(file);
  expect(failed(report)).toEqual([expect.stringMatching(/^agents.active is 9 before the first fault: [12]$/)]);
  expect(report.timeline.filter(({ what }) => what === "fault")).toEqual([]);
  expect(await left()).toEqual(NOTHING);
});

it("a run that is broken off takes away what it made", { timeout: 180_000 }, async () => {
  const args = ["packages/cli/bin/omoi.mjs", "gameday", "run", dead_worker, "--url", stage.plane.url];
  const run = spawn(process.execPath, [...args, "--config", stage.config, "--json"], {
    cwd: resolve(import.meta.dirname, "../.."),
    env: { ...process.env, OMOI_API_KEY: stage.plane.operator_key },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const said: string[] = [];
  run.stdout.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const closed = once(run, "close");
  try {
    const at_work = async () => (await stage.plane.operator.getFleetHealth()).by_status.RUNNING > 0;
    await until("its agents were at work", at_work, { timeout_ms: 90_000 });
  } finally {
    run.kill("SIGINT");
  }
  const [exit] = await closed;
  expect(exit).toBe(1);
  expect(said.join("")).toMatch(/it was broken off at \d+ s/);
  expect(await left()).toEqual(NOTHING);
});

it.each([
  [
    "a fault that no client can make",
    "{ at: 1s, do: pause_sweep, for: 1m }",
    /:3:\d+ timeline\[0\]\.do: pause_sweep happens inside a plane.*without --url/,
  ],
  [
    "a fault of the table",
    "{ at: 1s, do: throttle_table, for: 1m }",
    /timeline\[0\]\.do: throttle_table happens inside/,
  ],
])("%s is refused before anything starts", async (_what, entry, fault) => {
  const file = files.write(`title: A day\ntimeline:\n  - ${entry}\nexpect: [{ alert: sweep_late }]\n${ROUTING}`);
  await expectRefused(file, fault);
});

it("a routing that is not the stage's is refused, and a receiver that is not the run's", async () => {
  const START = "{ at: 0s, do: start_agents, count: 1 }";
  const other = ROUTING.replace("5m", "1m");
  await expectRefused(
    files.write(`title: A day\ntimeline: [${START}]\nexpect: [{ alert: sweep_late }]\n${other}`),
    /:6:\d+ routing: is not how the stage tells.*gameday prepare/s,
  );
  const file = files.write(
    `title: A day\ntimeline: [{ at: 1s, do: receiver_answers, receiver: mail, for: 1m }]\nexpect: [{ alert: sweep_late }]\n`,
  );
  // The shipped configuration tells by mail alone.
  const { out, exit } = await stage.omoi("gameday", "run", file, "--url", stage.plane.url, "--config", "config");
  expect(out).toMatch(/timeline\[0\]\.do: mail is no receiver of this run's.*gameday prepare/);
  expect(exit).toBe(2);
});

it("a plane without a part is of virtual time", async () => {
  const { err, exit } = await stage.omoi("gameday", "run", dead_worker, "--url", stage.plane.url, "--without", "rules");
  expect(err).toMatch(/switch it off where it is started/);
  expect(exit).toBe(2);
});

it("a receiver of the run's own can be down, and takes what it missed", { timeout: 180_000 }, async () => {
  const file = files.write(`
title: Whoever is told of an alert is down for a moment
timeline:
  - { at: 0s, do: receiver_answers, receiver: slack, status: 503, for: 10s }
  - { at: 0s, do: alert_storm, alerts: 1, for: 4m }
expect:
  - { alert: storm, times: 1 }
  - { notifications: { slack: 1 } }
until: 3m
until_met: true
${ROUTING}`);
  const report = await stage.reported(file);
  expect(failed(report)).toEqual([]);
  const told = report.timeline.filter(({ what }) => what === "told").map(({ text }) => text);
  expect(told).toEqual(["slack: firing storm, and answered 503", "slack: firing storm"]);
  expect(await left()).toEqual(NOTHING);
});

it("a history goes in as samples of the past, and once", { timeout: 60_000 }, async () => {
  const file = files.write(`
title: What was usual
history: [{ metric: tasks_stuck, labels: { phase_id: PHASE_TESTING }, between: [3, 5], for: 5h }]
timeline: [{ at: 0s, do: start_agents, count: 1 }]
expect: [{ alert: agent_unresponsive, times: 0 }]
until: 2s
${ROUTING}`);
  expect(failed(await stage.reported(file))).toEqual([]);
  const query = { phase_id: "PHASE_TESTING", from: new Date(Date.now() - 6 * 3_600_000).toISOString(), limit: 100 };
  const values: number[] = [];
  for await (const { value } of paginate(stage.plane.operator, "getMetricHistory", {
    params: { name: "tasks_stuck" },
    query,
  }))
    values.push(value);
  // Whatever the sweep has measured since.
  expect(values.slice(0, 300).every((value) => value >= 3 && value <= 5)).toBe(true);
  expect(new Set(values.slice(0, 300))).toEqual(new Set([3, 4, 5]));
  const { err, exit } = await stage.omoi("gameday", "run", file, "--url", stage.plane.url, "--config", stage.config);
  expect(err).toMatch(/has samples of tasks_stuck \{"phase_id":"PHASE_TESTING"\}.*a data directory of its own/);
  expect(exit).not.toBe(0);
});

it("a stage at work is left alone", async () => {
  const { ticket_id } = await stage.plane.operator.createTicket({
    body: { title: "Work of others", tasks: [{ title: "One" }] },
  });
  const params = { ticket_id };
  const args = ["gameday", "run", dead_worker, "--url", stage.plane.url, "--config", stage.config];
  const { err, exit } = await stage.omoi(...args);
  expect(err).toContain("has 1 tasks that are ready or running");
  expect(exit).not.toBe(0);
  await stage.plane.operator.cancelTicket({ params, body: { reason: "Over" } });
});

async function expectRefused(file: string, fault: RegExp): Promise<void> {
  const { out, exit } = await stage.omoi("gameday", "run", file, "--url", stage.plane.url, "--config", stage.config);
  expect(out).toMatch(fault);
  expect(exit).toBe(2);
}
