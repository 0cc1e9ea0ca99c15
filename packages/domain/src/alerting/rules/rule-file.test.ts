import { describe, expect, it } from "vitest";
import { strayFaults } from "../../config/broken-parts.fixture.ts";
import { readRules } from "./rule-file.ts";

const context = { receivers: new Set(["slack", "email"]) };
const GOOD = "  - { name: good, metric: agent.heartbeat.missed, condition: value > 2, severity: warning }";

/** A file with a good rule and one that says these lines; the bad one begins in line 3. */
const fileOf = (lines: readonly string[]) =>
  ["rules:", GOOD, ...lines.map((line, index) => `${index === 0 ? "  - " : "    "}${line}`)].join("\n");

const read = (text: string) => readRules([{ file: "r.yaml", text }], context);

const BAD = ["name: bad", "metric: tasks_queued_total", "condition: value > 100", "severity: warning"];
/** The bad rule with one line changed or added. */
const withLine = (key: string, line: string) =>
  BAD.some((one) => one.startsWith(`${key}:`))
    ? BAD.map((one) => (one.startsWith(`${key}:`) ? line : one))
    : [...BAD, line];

const WHOLE = `rules:
  - name: agent_heartbeat_missed
    metric: agent.heartbeat.missed
    condition: "value > 2"
    severity: warning
    routing: [slack, email]
    deduplication_window: 300s
    for: 2m
    keep_firing_for: 5m
    resolve_condition: "value < 1"
    datapoints: { breaching: 3, of: 5 }
    no_data: keep
    enabled: true
    runbook_url: https://example.com/heartbeats
    labels: { team: "{{labels.agent_id}}-owner" }
    annotations: { summary: "Agent {{labels.agent_id}} missed {{value}} heartbeats" }
  - { name: other, metric_name: agent.anomaly_score, condition: value >= 0.8, severity: critical }
`;

it("reads every member that the specification names", () => {
  const { rules, faults } = read(WHOLE);
  expect(faults).toEqual([]);
  expect(rules).toMatchObject([
    {
      name: "agent_heartbeat_missed",
      routing: ["slack", "email"],
      deduplication_window_ms: 300_000,
      for_ms: 120_000,
      keep_firing_for_ms: 300_000,
      condition: { operator: ">", number: 2 },
      resolve_condition: { operator: "<", number: 1 },
      datapoints: { breaching: 3, of: 5 },
      no_data: "keep",
      enabled: true,
    },
    { name: "other", metric: "agent.anomaly_score", for_ms: 0, keep_firing_for_ms: 0, routing: [] },
  ]);
});

describe("a bad rule is refused with its place, and the others stay in force", () => {
  it.each<[string, string, string[]]>([
    [
      "metric",
      "metric: tasks_queud_total",
      ["r.yaml:4:13 rules[1].metric: unknown metric `tasks_queud_total`. Did you mean `tasks_queued_total`?"],
    ],
    ["metric", "metric_name: nothing_of_ours", ["r.yaml:4:18 rules[1].metric_name: unknown metric `nothing_of_ours`."]],
    [
      "condition",
      "condition: valeu > 100",
      ["r.yaml:5:16 rules[1].condition: unknown word `valeu`. Did you mean `value`?"],
    ],
    // The place within the text, whatever it is quoted by.
    [
      "condition",
      "condition: value > 100 adn value < 4",
      ["r.yaml:5:28 rules[1].condition: `and` or `or` is missing before `adn`. Did you mean `and`?"],
    ],
    [
      "condition",
      "condition: 'value > 1 and labels.agent_id == \"\"'",
      ["r.yaml:5:31 rules[1].condition: unknown label `agent_id`: the metric has phase_id, priority."],
    ],
    [
      "condition",
      'condition: "labels.phase == \\"A\\" and labels.prio == \\"B\\""',
      [
        "r.yaml:5:17 rules[1].condition: unknown label `phase`: the metric has phase_id, priority. Did you mean `phase_id`?",
        "r.yaml:5:43 rules[1].condition: unknown label `prio`: the metric has phase_id, priority. Did you mean `priority`?",
      ],
    ],
    [
      "condition",
      "condition: 'value > ''1'''",
      ['r.yaml:5:25 rules[1].condition: `\'` means nothing here. Texts stand in double quotes: `"1"`.'],
    ],
    [
      "condition",
      "condition: >\n      value >",
      ["r.yaml:5:16 rules[1].condition: `value` is compared with a number, not with the end."],
    ],
    ["condition", "condition: 5", ["r.yaml:5:16 rules[1].condition: must be a text, is 5"]],
    [
      "resolve_condition",
      "resolve_condition: value < low",
      ["r.yaml:7:32 rules[1].resolve_condition: `value` is compared with a number, not with `low`."],
    ],
    [
      "severity",
      "severity: warn",
      [
        'r.yaml:6:15 rules[1].severity: must be one of info, warning, error, critical, is "warn". Did you mean `warning`?',
      ],
    ],
    [
      "severity",
      "severity: eror",
      [
        'r.yaml:6:15 rules[1].severity: must be one of info, warning, error, critical, is "eror". Did you mean `error`?',
      ],
    ],
    [
      "routing",
      "routing: [slack, emial]",
      ["r.yaml:7:22 rules[1].routing[1]: unknown receiver `emial`. Did you mean `email`?"],
    ],
    ["routing", "routing: [slack, slack]", ["r.yaml:7:22 rules[1].routing[1]: the receiver `slack` stands here twice"]],
    ["for", "for: 5", ["r.yaml:7:10 rules[1].for: must be a duration with its unit: 90s, 5m, 4h or 1d"]],
    [
      "for",
      "for: 5 minutes",
      ["r.yaml:7:10 rules[1].for: must be whole numbers with s, m, h or d behind them: 90s, 5m, 1h30m or 1d"],
    ],
    [
      "datapoints",
      "datapoints: { breaching: 5, of: 3 }",
      ["r.yaml:7:30 rules[1].datapoints.breaching: must not be more than `of`"],
    ],
    [
      "no_data",
      "no_data: alrt",
      ['r.yaml:7:14 rules[1].no_data: must be one of keep, ok, alert, is "alrt". Did you mean `alert`?'],
    ],
    ["enabled", "enabled: maybe", ['r.yaml:7:14 rules[1].enabled: must be true or false, is "maybe"']],
    [
      "runbook_url",
      "runbook_url: ftp://example.com",
      ["r.yaml:7:18 rules[1].runbook_url: must be a URL that begins with http"],
    ],
    [
      "labels",
      'labels: { size: "{{value}}" }',
      [
        "r.yaml:7:22 rules[1].labels.size: a label must not hold the value: each reading would be another alert. Use an annotation.",
      ],
    ],
    [
      "labels",
      'labels: { team: "of {{labels.phase}}" }',
      [
        "r.yaml:7:25 rules[1].labels.team: unknown label `phase`: the metric has phase_id, priority. Did you mean `phase_id`?",
      ],
    ],
    [
      "labels",
      "labels: { phase_id: all }",
      ["r.yaml:7:15 rules[1].labels: `phase_id` is a label of the metric already: take another name"],
    ],
    [
      "labels",
      "labels: { severity: high }",
      ["r.yaml:7:15 rules[1].labels: every alert has `severity` by itself: take another name"],
    ],
    [
      "labels",
      "labels: { the-team: a }",
      ["r.yaml:7:15 rules[1].labels: `the-team` cannot be a label: letters, digits and _ make one"],
    ],
    [
      "annotations",
      'annotations: { summary: "{{vlaue}} tasks" }',
      ["r.yaml:7:30 rules[1].annotations.summary: `{{vlaue}}` means nothing. Did you mean `value`?"],
    ],
    [
      "annotations",
      'annotations: { summary: "in {{labels.phase_id" }',
      ["r.yaml:7:33 rules[1].annotations.summary: `{{` is not closed by `}}`"],
    ],
    ["condtion", "condtion: value > 1", ["r.yaml:7:5 rules[1]: unknown key `condtion`. Did you mean `condition`?"]],
    [
      "metric_name",
      "metric_name: agents_active",
      ["r.yaml:7:18 rules[1].metric_name: is another name of `metric`: leave one out"],
    ],
    ["severity", "", ["r.yaml:3:5 rules[1].severity: is missing: must be one of info, warning, error, critical"]],
    ["metric", "", ["r.yaml:3:5 rules[1].metric: is missing: must be the name of a metric"]],
    ["metric", "metrc: agents_active", ["r.yaml:4:5 rules[1]: unknown key `metrc`. Did you mean `metric`?"]],
    ["name", "name: good", ["r.yaml:3:11 rules[1].name: there is a rule `good` already, in r.yaml"]],
    ["name", "name: no name", ["r.yaml:3:11 rules[1].name: must be 1 to 100 of letters, digits and _ . : -"]],
    ["again", "severity: error", ["r.yaml:7:5 the key `severity` stands here twice in one map"]],
  ])("%s as %j", (key, line, faults) => {
    const lines = key === "again" ? [...BAD, line] : withLine(key, line);
    const found = read(fileOf(lines.filter((one) => one !== "")));
    expect(found.faults).toEqual(faults);
    expect(found.rules.map(({ name }) => name)).toEqual(["good"]);
  });

  it("several of one rule come at once, in the order of the file", () => {
    const lines = withLine("condition", "condition: value >").map((line) => line.replace("warning", "wrong"));
    expect(read(fileOf(lines)).faults).toEqual([
      "r.yaml:5:23 rules[1].condition: `value` is compared with a number, not with the end.",
      'r.yaml:6:15 rules[1].severity: must be one of info, warning, error, critical, is "wrong".',
    ]);
    const deeper = [...withLine("condition", "condition: value >"), "routing: [nobody]"];
    expect(read(fileOf(deeper)).faults).toHaveLength(2);
  });

  it("those of form and those of meaning are told together, and each once", () => {
    const lines = [
      "name: no name",
      "metrc: agents_activ",
      "condtion: value > 1 adn value < 4",
      "severity: warn",
      "routing: [nobody, 7]",
      "for: 5",
      "labels: { severity: high }",
      'annotations: { summary: "{{vlaue}}" }',
    ];
    expect(read(fileOf(lines)).faults).toEqual([
      "r.yaml:3:11 rules[1].name: must be 1 to 100 of letters, digits and _ . : -",
      "r.yaml:4:5 rules[1]: unknown key `metrc`. Did you mean `metric`?",
      "r.yaml:4:12 rules[1].metrc: unknown metric `agents_activ`. Did you mean `agents_active`?",
      "r.yaml:5:5 rules[1]: unknown key `condtion`. Did you mean `condition`?",
      "r.yaml:5:25 rules[1].condtion: `and` or `or` is missing before `adn`. Did you mean `and`?",
      'r.yaml:6:15 rules[1].severity: must be one of info, warning, error, critical, is "warn". Did you mean `warning`?',
      "r.yaml:7:15 rules[1].routing[0]: unknown receiver `nobody`.",
      "r.yaml:7:23 rules[1].routing[1]: must be a text, is 7",
      "r.yaml:8:10 rules[1].for: must be a duration with its unit: 90s, 5m, 4h or 1d",
      "r.yaml:9:15 rules[1].labels: every alert has `severity` by itself: take another name",
    ]);
    // What needs a member that is wrong itself is not guessed at.
    expect(read(fileOf(["name: a", "condition: value >", "severity: warn"])).faults).toEqual([
      "r.yaml:3:5 rules[1].metric: is missing: must be the name of a metric",
      "r.yaml:4:23 rules[1].condition: `value` is compared with a number, not with the end.",
      expect.stringMatching(/^r\.yaml:5:15 rules\[1\]\.severity: /),
    ]);
  });
});

describe("files", () => {
  it("that are no YAML are refused alone", () => {
    const { rules, faults } = readRules([
      { file: "a.yaml", text: "rules: [" },
      { file: "b.yaml", text: `rules:\n${GOOD}` },
    ]);
    expect(rules.map(({ name }) => name)).toEqual(["good"]);
    expect(faults[0]).toMatch(/^a\.yaml:1:\d+ is not YAML: /);
  });

  it("of one rule need no list, and its faults stand at their places", () => {
    const one = BAD.join("\n");
    expect(read(one)).toMatchObject({ rules: [{ name: "bad" }], written: [{ name: "bad" }], faults: [] });
    expect(read(`${one}\nruoting: [slack]`).faults).toEqual([
      "r.yaml:5:1 unknown key `ruoting`. Did you mean `routing`?",
    ]);
    expect(read(one.replace("> 100", ">> 100")).faults).toEqual([
      "r.yaml:3:18 condition: unknown operator `>>`. There are > >= < <= == !=.",
    ]);
    expect(read(`name: x\nrules:\n${GOOD}`).faults).toEqual([expect.stringMatching(/^r\.yaml:1:1 unknown key `name`/)]);
    expect(read(`${one}\nname: worse`).faults).toEqual(["r.yaml:5:1 the key `name` stands here twice in one map"]);
  });

  it("share the names of rules", () => {
    const text = `rules:\n${GOOD}`;
    const { rules, faults } = readRules([
      { file: "a.yaml", text },
      { file: "b.yaml", text },
    ]);
    expect(rules).toHaveLength(1);
    expect(faults).toEqual(["b.yaml:2:13 rules[0].name: there is a rule `good` already, in a.yaml"]);
  });

  it.each([
    ["", ["r.yaml:1:1 must be a map, is empty"]],
    ["rule: []", ["r.yaml:1:1 unknown key `rule`. Did you mean `rules`?"]],
    ["rules: {}", ["r.yaml:1:8 rules: must be a list, is a map"]],
    ["rules: [7]", ["r.yaml:1:9 rules[0]: must be a map, is 7"]],
  ])("%j", (text, faults) => {
    expect(read(text)).toEqual({ rules: [], written: [], faults });
  });

  it("judge no receivers where none are given", () => {
    const text = `rules:\n  - { name: a, metric: agents_active, condition: value < 1, severity: error, routing: [x] }`;
    expect(readRules([{ file: "r.yaml", text }]).faults).toEqual([]);
  });
});

it("says nothing that follows from a part that could not be read", () => {
  expect(strayFaults(WHOLE, (text) => read(text).faults)).toEqual([]);
});
