import { testAlertRule } from "@omoios/contracts/shapes/alert-rule";
import { Problem } from "@omoios/kernel/problem";
import { describe, expect, it } from "vitest";
import { tryWritten } from "./try-written.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const RULE = { name: "slow", metric: "agent.progress_age_seconds", condition: "value > 600", severity: "warning" };

interface Given {
  rule?: Record<string, unknown>;
  evaluation_interval?: string;
  series?: Record<string, unknown>[];
}

const given = ({ rule, series = [{}], evaluation_interval = "1m" }: Given) =>
  testAlertRule().parse({
    rule: { ...RULE, ...rule },
    start: "2026-01-05T10:00:00Z",
    evaluation_interval,
    series: series.map((one) => ({
      metric_name: RULE.metric,
      labels: { agent_id: "a1" },
      values: [700],
      interval: "1m",
      ...one,
    })),
  });

const minutes = (at: number | null) => (at === null ? null : (at - START) / 60_000);

/** The states of one label set, a letter for each evaluation, and when its alerts fired and ended. */
function tried(members: Given, agent_id = "a1") {
  const { timeline, fired } = tryWritten(given(members), START);
  const own = timeline.filter(({ labels }) => labels.agent_id === agent_id);
  return [
    own.map(({ state }) => state.charAt(0)).join(""),
    fired
      .filter(({ labels }) => labels.agent_id === agent_id)
      .map(({ fired_at, resolved_at }) => [minutes(fired_at), minutes(resolved_at)]),
  ];
}

describe("a rule in virtual time", () => {
  it("gives the state after each evaluation, and the alerts with their labels", () => {
    const labels = { agent_id: "a1" };
    const found = tryWritten(given({ rule: { labels: { team: "a" } }, series: [{ values: [700, 1] }] }), START);
    expect(found).toEqual({
      timeline: [
        { at: START, labels, state: "firing" },
        { at: START + 60_000, labels, state: "inactive" },
      ],
      fired: [
        { labels: { alertname: "slow", agent_id: "a1", team: "a" }, fired_at: START, resolved_at: START + 60_000 },
      ],
    });
  });

  it.each<[string, Given, unknown]>([
    ["for, inclusive", { rule: { for: "2m" }, series: [{ values: [700, 700, 700, 1, 700] }] }, ["ppfip", [[2, 3]]]],
    ["fires to the end", { series: [{ values: [1, 700] }] }, ["if", [[1, null]]]],
    [
      "fires again",
      { series: [{ values: [700, 1, 700, 1] }] },
      [
        "fifi",
        [
          [0, 1],
          [2, 3],
        ],
      ],
    ],
    // In a test a `null` is no data at its evaluation.
    [
      "no data as a breach",
      { rule: { no_data: "alert", for: "1m" }, series: [{ values: [1, null, null] }] },
      ["ipf", [[2, null]]],
    ],
    ["no data as good", { rule: { no_data: "ok" }, series: [{ values: [700, null] }] }, ["fi", [[0, 1]]]],
    ["no data left as it is", { series: [{ values: [700, null, null] }] }, ["fff", [[0, null]]]],
    // So is a point that is missing because the series is sampled less often, or ended.
    [
      "a coarse series",
      { rule: { no_data: "ok" }, series: [{ values: [700, 700], interval: "2m" }] },
      [
        "fif",
        [
          [0, 1],
          [2, null],
        ],
      ],
    ],
    [
      "a series that ended",
      { rule: { no_data: "ok" }, series: [{}, { labels: { agent_id: "b" }, values: [1, 1, 1] }] },
      ["fii", [[0, 1]]],
    ],
    // A threshold is judged at each sample too.
    ["a fine series", { series: [{ values: [1, 700, 1], interval: "20s" }] }, ["ifi", [[1 / 3, 2 / 3]]]],
    [
      "M of N",
      { rule: { datapoints: { breaching: 2, of: 3 } }, series: [{ values: [700, 1, 700, 700] }] },
      ["iiff", [[2, null]]],
    ],
    ["a rule that is disabled", { rule: { enabled: false } }, ["i", []]],
    [
      "longer intervals",
      { rule: { for: "10m" }, evaluation_interval: "5m", series: [{ values: [700, 700, 700], interval: "5m" }] },
      ["ppf", [[10, null]]],
    ],
    ["another metric's series", { series: [{ metric_name: "agents_active", labels: {} }] }, ["", []]],
  ])("%s", (_title, members, expected) => {
    expect(tried(members)).toEqual(expected);
  });

  it("keeps label sets apart", () => {
    const series = [{ values: [700, 1] }, { labels: { agent_id: "b" }, values: [1, 700] }];
    expect([tried({ series }), tried({ series }, "b")]).toEqual([
      ["fi", [[0, 1]]],
      ["if", [[1, null]]],
    ]);
  });
});

describe("what is wrong has its place", () => {
  it.each<[Given, { path: string; message: string }[]]>([
    [
      { rule: { condition: "value > 600 adn" } },
      [{ path: "/rule/condition", message: "column 13: `and` or `or` is missing before `adn`. Did you mean `and`?" }],
    ],
    [
      { rule: { metric: "agent.progress" } },
      [
        {
          path: "/rule/metric",
          message: "unknown metric `agent.progress`. Did you mean `agent.progress_age_seconds`?",
        },
      ],
    ],
    [
      { rule: { labels: { "a/b": "x" } } },
      [{ path: "/rule/labels/a~1b", message: "`a/b` cannot be a label: letters, digits and _ make one" }],
    ],
    [
      { rule: { labels: { size: "n{{value}}" } } },
      [
        {
          path: "/rule/labels/size",
          message: "column 2: a label must not hold the value: each reading would be another alert. Use an annotation.",
        },
      ],
    ],
    [
      { series: [{ metric_name: "agents_actve" }] },
      [{ path: "/series/0/metric_name", message: "unknown metric `agents_actve`. Did you mean `agents_active`?" }],
    ],
    [
      { series: [{ labels: { agent: "a" } }] },
      [
        {
          path: "/series/0/labels/agent",
          message: "unknown label `agent`: the metric has agent_id. Did you mean `agent_id`?",
        },
      ],
    ],
    [{ series: [{ interval: "0s" }] }, [{ path: "/series/0/interval", message: "must be more than 0" }]],
    [{ evaluation_interval: "0m" }, [{ path: "/evaluation_interval", message: "must be more than 0" }]],
    [
      { evaluation_interval: "1s", series: [{ values: [1, 1], interval: "1d" }] },
      [{ path: "/evaluation_interval", message: "makes 86403 evaluations of these series; one call may make 20000" }],
    ],
  ])("%j", (members, errors) => {
    const refusal = (() => {
      try {
        return tryWritten(given(members), START);
      } catch (problem) {
        return problem;
      }
    })();
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: "request.invalid", errors });
  });
});
