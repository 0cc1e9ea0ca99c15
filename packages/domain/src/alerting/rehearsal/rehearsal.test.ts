import { describe, expect, it } from "vitest";
import { readRouting } from "../routing-file.ts";
import { readRehearsal } from "./rehearsal-file.ts";
import { runRehearsal } from "./run-rehearsal.ts";

/** The parts of a file by their keys, as YAML; what is given replaces the usual. */
const USUAL = {
  rules:
    '[{ name: slow, metric: agent.progress_age_seconds, condition: "value > 600", severity: warning, for: 5m, keep_firing_for: 2m }]',
  routing: "{ receivers: [{ name: main, type: webhook }], route: { receiver: main, group_wait: 30s } }",
  start: "2026-01-05T10:00:00Z",
  until: "60m",
  series:
    "[{ metric_name: agent.progress_age_seconds, labels: { agent_id: a1 }, samples: [{ to: 20m, value: 700 }, { from: 21m, to: 60m, value: 1 }] }]",
  expect: "{ nothing_else: true }",
};

const textOf = (parts: Record<string, string>) =>
  Object.entries({ ...USUAL, ...parts })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");

function run(parts: Record<string, string>) {
  const read = readRehearsal(textOf(parts), "t.yaml", undefined);
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return runRehearsal(read.value);
}

const told = (parts: Record<string, string>) =>
  run(parts).told.map(({ receiver, status, at_ms }) => `${receiver} ${status} ${at_ms / 60_000}`);

const FIRING = "main firing 5.5";
const NIGHT = `{ receivers: [{ name: main, type: webhook }, { name: boss, type: email }], route: { receiver: main, escalation: night, group_wait: 0s },
  escalations: [{ name: night, steps: [{ after: 0s, receiver: main }, { after: 10m, receiver: boss }] }] }`;

describe("rules, routing and escalation together", () => {
  it.each<[string, Record<string, string>, string[]]>([
    // 5m of breach and 30s of waiting; 21m + 2m of being good.
    ["tell of the firing and of the end", {}, [FIRING, "main resolved 23"]],
    ["tell nobody of what is only pending", { until: "4m" }, []],
    ["step up to the next", { routing: NIGHT, until: "20m" }, ["main firing 5", "boss firing 15"]],
    [
      "hold steps back while somebody is on it",
      { routing: NIGHT, until: "20m", acts: "[{ at: 8m, do: acknowledge, alert: slow }]" },
      ["main firing 5"],
    ],
    ["are quiet under a silence", { silences: "[{ matchers: ['alertname=slow'], ends_at: 60m }]" }, []],
    [
      "do not count a gap of the sweep towards for",
      { acts: "[{ at: 2m, do: pause_sweep, for: 10m }]", until: "18m" },
      ["main firing 15.5"],
    ],
    [
      "tell again what was resolved by hand",
      { acts: "[{ at: 10m, do: resolve, alert: slow }]", until: "19m" },
      [FIRING, "main resolved 10.5", "main firing 11.5"],
    ],
  ])("%s", (_title, parts, expected) => {
    expect(told(parts)).toEqual(expected);
  });

  it("take the sum of entries, the later one over the earlier", () => {
    const samples = "[{ to: 20m, value: 700 }, { from: 3m, value: 1 }, { from: 12m, to: 60m, value: null }]";
    const series = `[{ metric_name: agent.progress_age_seconds, labels: { agent_id: a1 }, samples: ${samples} }]`;
    expect(told({ series })).toEqual(["main firing 9.5"]);
  });
});

describe("what was expected", () => {
  const both =
    "{ receiver: main, status: firing, between: [5m, 7m], alert: slow, labels: { agent_id: a1 } }, { receiver: main, status: resolved }";

  it.each<[string, string, [missing: number, unexpected: number]]>([
    ["is all there", `{ notifications: [${both}], nothing_else: true }`, [0, 0]],
    ["may be less than what was told", "{}", [0, 0]],
    ["and nothing else, where that is said", "{ nothing_else: true }", [0, 2]],
    ["comes too late", "{ notifications: [{ receiver: main, status: firing, between: [0m, 5m] }] }", [1, 0]],
    [
      "is of another alert",
      "{ notifications: [{ receiver: main, status: firing, labels: { agent_id: a2 } }] }",
      [1, 0],
    ],
    [
      "is asked for twice, and came once",
      "{ notifications: [{ receiver: main, status: firing }, { receiver: main, status: firing }] }",
      [1, 0],
    ],
  ])("%s", (_title, expectations, [missing, unexpected]) => {
    const found = run({ expect: expectations });
    expect([found.missing.length, found.unexpected.length]).toEqual([missing, unexpected]);
  });

  it("gets a notification each, however they overlap", () => {
    const wide = "{ receiver: main, status: firing }";
    const narrow = "{ receiver: main, status: firing, between: [5m, 6m] }";
    const acts = "[{ at: 10m, do: resolve, alert: slow }]";
    for (const list of [`${wide}, ${narrow}`, `${narrow}, ${wide}`])
      expect(run({ acts, expect: `{ notifications: [${list}] }` }).missing).toEqual([]);
  });

  it("is not met by an act that could not be done", () => {
    const { refused } = run({ acts: "[{ at: 1m, do: acknowledge, alert: slow }]" });
    expect(refused).toEqual([{ at_ms: 60_000, why: expect.stringContaining("pending") }]);
  });
});

describe("what is wrong with a file has its place", () => {
  it.each<[string, string, string]>([
    [
      "rules",
      '[{ name: slow, metric: agents_active, condition: "valeu > 1", severity: error }]',
      "t.yaml:1:58 rules[0].condition: unknown word `valeu`. Did you mean `value`?",
    ],
    [
      "rules",
      "[{ name: slow, metric: agents_active, condition: value < 1, severity: error, routing: [mian] }]",
      "t.yaml:1:95 rules[0].routing[0]: unknown receiver `mian`. Did you mean `main`?",
    ],
    [
      "routing",
      "{ receivers: [{ name: main, type: webhook }], route: { receiver: mian } }",
      "t.yaml:2:75 routing.route.receiver: there is no receiver mian. Did you mean `main`?",
    ],
    ["until", "an hour", "t.yaml:4:8 until: must be whole numbers with s, m, h or d behind them: 90s, 5m, 1h30m or 1d"],
    [
      "series",
      "[{ metric_name: agents, samples: [] }]",
      "t.yaml:5:25 series[0].metric_name: unknown metric `agents`. Did you mean `agents_active`?",
    ],
    [
      "series",
      "[{ metric_name: agents_active, labels: { phase: a }, samples: [] }]",
      "t.yaml:5:50 series[0].labels: unknown label `phase`: the metric has agent_type, phase_id. Did you mean `phase_id`?",
    ],
    [
      "series",
      "[{ metric_name: agents_active, samples: [{ value: 1, every: 0s }] }]",
      "t.yaml:5:69 series[0].samples[0].every: must be more than 0",
    ],
    [
      "acts",
      "[{ at: 1m, do: acknowledge, alert: slwo }]",
      "t.yaml:7:42 acts[0].alert: there is no rule slwo. Did you mean `slow`?",
    ],
    [
      "silences",
      "[{ matchers: ['alertname=slow'] }]",
      "t.yaml:7:12 silences[0].ends_at: is missing: only a silence that comes back has no end",
    ],
    [
      "expect",
      "{ notifications: [{ receiver: mian, status: firing }] }",
      "t.yaml:6:39 expect.notifications[0].receiver: there is no receiver mian. Did you mean `main`?",
    ],
    [
      "expect",
      "{ notifications: [{ receiver: main, status: firing, between: [7m, 5m] }] }",
      "t.yaml:6:70 expect.notifications[0].between: ends before it begins",
    ],
    ["evaluation_interval", "0s", "t.yaml:7:22 evaluation_interval: must be more than 0"],
  ])("%s: %s", (key, value, fault) => {
    const read = readRehearsal(textOf({ [key]: value }), "t.yaml", undefined);
    expect(read.ok ? [] : read.faults).toContain(fault);
  });

  it("no routing is a fault only where none stands in for it", () => {
    const text = textOf({}).replace(/^routing: .*\n/m, "");
    const alone = readRehearsal(text, "t.yaml", undefined);
    expect(alone.ok ? [] : alone.faults).toEqual([
      "t.yaml:1:1 routing: is missing, and there is no file that stands in for it",
    ]);
    const shipped = readRouting("receivers: [{ name: mail, type: email }]\nroute: { receiver: mail }", "r.yaml");
    const read = readRehearsal(text, "t.yaml", shipped.ok ? shipped.value : undefined);
    expect(read.ok && runRehearsal(read.value).told.map(({ receiver }) => receiver)).toEqual(["mail", "mail"]);
  });
});
