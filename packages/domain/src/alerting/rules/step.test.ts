import { alertRule } from "@omoios/contracts/shapes/alert-rule";
import { describe, expect, it } from "vitest";
import type { AlertSignal } from "../signal.ts";
import { checkRule } from "./check-rule.ts";
import type { Rule } from "./rule.ts";
import { type Pace, RUNNING, type RuleState } from "./rule-state.ts";
import { endRule, step } from "./step.ts";

const MINUTE = 60_000;
const LABELS = { agent_id: "a1" };

function ruleOf(members: Record<string, unknown> = {}): Rule {
  const written = alertRule().parse({
    name: "missed",
    metric: "agent.heartbeat.missed",
    condition: "value > 2",
    severity: "warning",
    ...members,
  });
  const read = checkRule(written);
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.rule;
}

/** What a minute brings: a sample and its evaluation; an evaluation without a sample (`-`); no evaluation at all (`gap`). */
type Minute = number | "-" | "gap";

function run(rule: Rule, minutes: readonly Minute[], pace: Pace = RUNNING, labels: Record<string, string> = LABELS) {
  let state: RuleState | undefined;
  const phases: string[] = [];
  const signals: AlertSignal[] = [];
  const take = (reading: Parameters<typeof step>[3], at: number) => {
    const made = step(rule, labels, state, reading, at, pace);
    // What is stored is JSON.
    state = made.state === undefined ? undefined : (JSON.parse(JSON.stringify(made.state)) as RuleState);
    signals.push(...made.signals);
  };
  minutes.forEach((minute, index) => {
    if (typeof minute === "number") take({ kind: "sample", value: minute }, index * MINUTE);
    if (minute !== "gap") take({ kind: "minute" }, index * MINUTE);
    phases.push((state?.phase ?? "inactive").charAt(0));
  });
  return { state, phases: phases.join(""), signals };
}

const phasesOf = (members: Record<string, unknown>, minutes: readonly Minute[], pace?: Pace) =>
  run(ruleOf(members), minutes, pace).phases;

describe("a threshold rule", () => {
  it("fires at the first breach and resolves at the first good reading", () => {
    expect(phasesOf({}, [2, 3, 4, 2, 3])).toBe("iffif");
  });

  it("is judged the moment that a sample arrives, between two minutes", () => {
    const rule = ruleOf();
    const fired = step(rule, LABELS, undefined, { kind: "sample", value: 3 }, 90_000);
    expect(fired.signals).toMatchObject([{ status: "firing", at: 90_000, value: 3 }]);
    const over = step(rule, LABELS, fired.state, { kind: "sample", value: 1 }, 95_000);
    expect(over).toMatchObject({ state: undefined, signals: [{ status: "resolved", at: 95_000 }] });
  });

  it("says what alerting needs", () => {
    const rule = ruleOf({
      routing: ["slack"],
      deduplication_window: "300s",
      runbook_url: "https://example.com/runbook",
      labels: { team: "fleet", seen_at: "{{ labels.agent_id }}" },
      annotations: { summary: "Agent {{labels.agent_id}} missed {{value}} heartbeats" },
    });
    expect(run(rule, [3]).signals[0]).toEqual({
      alertname: "missed",
      labels: { agent_id: "a1", team: "fleet", seen_at: "a1" },
      status: "firing",
      severity: "warning",
      annotations: { summary: "Agent a1 missed 3 heartbeats" },
      at: 0,
      routing: ["slack"],
      deduplication_window_ms: 300_000,
      value: 3,
      metric_name: "agent.heartbeat.missed",
      threshold: 2,
      runbook_url: "https://example.com/runbook",
    });
  });

  it("is told once for each phase", () => {
    const { signals } = run(ruleOf({ for: "1m", keep_firing_for: "1m" }), [3, 1, 3, 3, 3, 1, 3, 1, 1, 1]);
    expect(signals.map(({ status, at }) => [status, at / MINUTE])).toEqual([
      ["pending", 0],
      ["resolved", 1],
      ["pending", 2],
      ["firing", 3],
      ["resolved", 8],
    ]);
  });

  it("remembers nothing of a series that is well", () => {
    expect(run(ruleOf({ for: "2m" }), [3, 1]).state).toBeUndefined();
  });
});

describe("for", () => {
  it.each<[string, readonly Minute[], string]>([
    // Inclusive: at its end, not after it.
    ["is inclusive", [3, 3, 3], "ppf"],
    ["starts anew after one good reading", [3, 3, 1, 3, 3, 3], "ppippf"],
    // A minute without a sample neither counts nor resets.
    ["counts observed breaches alone", [3, "-", "-", 3, 3], "ppppf"],
    ["is not reached by waiting", [3, "-", "-", "-", "-"], "ppppp"],
    ["does not count a gap of the sweep", [3, "gap", "gap", "gap", "gap", 3, 3], "ppppppf"],
  ])("%s", (_title, minutes, phases) => {
    expect(phasesOf({ for: "2m" }, minutes)).toBe(phases);
  });

  it("counts the time between samples that breach", () => {
    const rule = ruleOf({ for: "20s" });
    let state: RuleState | undefined;
    const phases = [0, 10_000, 19_999, 20_000].map((at) => {
      state = step(rule, LABELS, state, { kind: "sample", value: 3 }, at).state;
      return state?.phase;
    });
    expect(phases).toEqual(["pending", "pending", "pending", "firing"]);
  });

  it("does not count samples' time beyond the sweep's last minute", () => {
    const rule = ruleOf({ for: "3m" });
    let state = run(rule, [3]).state;
    for (let at = 30_000; at <= 10 * MINUTE; at += 30_000)
      ({ state } = step(rule, LABELS, state, { kind: "sample", value: 3 }, at));
    expect(state).toMatchObject({ phase: "pending", held_ms: 90_000 });
  });
});

describe("keep_firing_for", () => {
  it.each<[string, readonly Minute[], string]>([
    ["counts from the first good reading", [3, 1, 1, 1], "fffi"],
    ["counts anew after a breach", [3, 1, 3, 1, 1, 1], "fffffi"],
    ["ends at a good reading, not for want of one", [3, 1, "-", "-", 1], "ffffi"],
    ["does not run while nobody looks", [3, 1, "gap", "gap", "gap", 1, 1], "ffffffi"],
  ])("%s", (_title, minutes, phases) => {
    expect(phasesOf({ keep_firing_for: "2m" }, minutes)).toBe(phases);
  });
});

describe("resolve_condition", () => {
  it("keeps the alert between the two bounds", () => {
    expect(phasesOf({ resolve_condition: "value < 1" }, [2, 3, 2, 1, 0, 2])).toBe("ifffii");
  });

  it("does not hold back what is only pending", () => {
    expect(phasesOf({ resolve_condition: "value < 1", for: "2m" }, [3, 2, 3, 3, 3])).toBe("pippf");
  });

  it("starts keep_firing_for at the first reading that is really good", () => {
    expect(phasesOf({ resolve_condition: "value < 1", keep_firing_for: "1m" }, [3, 2, 0, 2, 0, 0])).toBe("fffffi");
  });
});

describe("datapoints", () => {
  const two_of_three = { datapoints: { breaching: 2, of: 3 } };

  it.each<[string, Record<string, unknown>, readonly Minute[], string]>([
    ["fires at M of N", two_of_three, [3, 1, 3, 1, 1], "iifii"],
    ["takes real points before missing ones", two_of_three, [3, "-", "-", 3], "iiif"],
    ["keeps its state for want of points", two_of_three, [3, 3, "-", "-", "-", "-", "-"], "iffffff"],
    ["counts missing minutes as breaches", { ...two_of_three, no_data: "alert" }, [1, 3, "-", "-"], "iiff"],
    ["counts missing minutes as good", { ...two_of_three, no_data: "ok" }, [3, 3, "-", "-", "-", "-"], "iffffi"],
    ["honours for", { ...two_of_three, for: "1m" }, [3, 3, 3], "ipf"],
  ])("%s", (_title, members, minutes, phases) => {
    expect(phasesOf(members, minutes)).toBe(phases);
  });

  it("count minutes, not samples", () => {
    const rule = ruleOf(two_of_three);
    let state: RuleState | undefined;
    for (const at of [0, 10_000, 20_000, 30_000])
      ({ state } = step(rule, LABELS, state, { kind: "sample", value: 3 }, at));
    expect(state?.phase).toBe("inactive");
    expect(step(rule, LABELS, state, { kind: "minute" }, MINUTE).state).toMatchObject({
      phase: "inactive",
      points: "x",
    });
  });
});

describe("no data", () => {
  it.each<[string, Record<string, unknown>, readonly Minute[], string]>([
    ["keeps an alert", {}, [3, "-", "-", "-"], "ffff"],
    ["keeps what is well", {}, [1, "-", "-", "-"], "iiii"],
    ["is good for `ok`, at the second evaluation", { no_data: "ok" }, [3, "-", "-"], "ffi"],
    ["ends what is pending for `ok`", { no_data: "ok", for: "5m" }, [3, "-", "-"], "ppi"],
    ["is a breach for `alert`, at the second evaluation", { no_data: "alert" }, [1, "-", "-", 1], "iifi"],
    ["honours for", { no_data: "alert", for: "2m" }, [1, "-", "-", "-", "-"], "iippf"],
    ["is not a single minute", { no_data: "alert" }, [1, "-", 1, "-", 1], "iiiii"],
    ["is no gap of the sweep", { no_data: "alert" }, [1, "gap", "gap", "gap", "-", 1], "iiiiii"],
    // Of a rule that asks for other labels, silence says nothing.
    [
      "is of the labels that are asked for",
      { no_data: "alert", condition: 'value > 2 and labels.agent_id == "b"' },
      [1, "-", "-"],
      "iii",
    ],
  ])("%s", (_title, members, minutes, phases) => {
    expect(phasesOf(members, minutes)).toBe(phases);
  });

  it("has words of its own for the value", () => {
    const rule = ruleOf({ no_data: "alert", annotations: { summary: "{{labels.agent_id}}: {{value}}" } });
    expect(run(rule, [1, "-", "-"]).signals[0]).toMatchObject({ annotations: { summary: "a1: no data" } });
  });
});

describe("a counter", () => {
  const counter = { metric: "tasks_dead_lettered_total", condition: "value > 2" };

  it("is judged by its increase over five minutes", () => {
    const totals = [1_000, 1_001, 1_002, 1_003, 1_003, 1_003, 1_003, 1_003];
    expect(run(ruleOf(counter), totals, RUNNING, { phase_id: "P" }).phases).toBe("iiifffii");
  });

  it("that begins again is no fall", () => {
    expect(run(ruleOf(counter), [90, 91, 2, 2], RUNNING, {}).phases).toBe("iiff");
  });

  const rose = { metric: "tasks_dead_lettered_total", condition: "value > 0" };

  it("that is sampled where it changes alone fires until its rise lies five minutes back", () => {
    const { phases, state, signals } = run(ruleOf(rose), [5, 6, "-", "-", "-", "-", "-", "-", "-"], RUNNING, {});
    expect(phases).toBe("ifffffiii");
    expect(state?.phase).toBe("inactive");
    expect(signals.map(({ status, value }) => [status, value])).toEqual([
      ["firing", 1],
      ["resolved", 0],
    ]);
  });

  it("without a sample is no breach that was observed", () => {
    expect(run(ruleOf({ ...rose, for: "3m" }), [5, 6, "-", "-", "-", "-", "-"], RUNNING, {}).phases).toBe("ipppppi");
  });

  it("of M of N ends too", () => {
    const rule = ruleOf({ ...rose, datapoints: { breaching: 1, of: 2 } });
    expect(run(rule, [5, 6, "-", "-", "-", "-", "-", "-", "-"], RUNNING, {}).phases).toBe("ifffffiii");
  });

  it("that gives no data ends where no data is well, and breaches where it is not", () => {
    const minutes = [5, 6, "-", "-", "-", "-", "-", "-", "-"] as const;
    expect(run(ruleOf({ ...rose, no_data: "ok" }), minutes, RUNNING, {}).phases).toBe("iffiiiiii");
    expect(run(ruleOf({ ...rose, no_data: "alert" }), minutes, RUNNING, {}).phases).toBe("iffffffff");
  });
});

describe("what comes again, or late, changes nothing", () => {
  it("a minute that was evaluated before", () => {
    const rule = ruleOf({ datapoints: { breaching: 2, of: 3 } });
    const { state } = run(rule, [3]);
    expect(step(rule, LABELS, state, { kind: "minute" }, 0)).toEqual({ state, signals: [] });
  });

  it("a sample that is older than the last evaluation", () => {
    const rule = ruleOf({ for: "5m" });
    const { state } = run(rule, [3, 3]);
    expect(step(rule, LABELS, state, { kind: "sample", value: 0 }, 30_000)).toEqual({ state, signals: [] });
  });
});

describe("a rule that", () => {
  const firing = run(ruleOf(), [3]).state;

  it("is disabled resolves its alert, and fires no more", () => {
    const disabled = ruleOf({ enabled: false });
    expect(step(disabled, LABELS, firing, { kind: "sample", value: 9 }, MINUTE)).toMatchObject({
      state: undefined,
      signals: [{ status: "resolved", labels: LABELS, reason: "the rule is disabled" }],
    });
    expect(run(disabled, [3, 3])).toEqual({ state: undefined, phases: "ii", signals: [] });
  });

  it("is deleted resolves its alert, with the reason", () => {
    expect(endRule(ruleOf(), LABELS, firing, MINUTE, "the rule was deleted").signals).toMatchObject([
      { status: "resolved", reason: "the rule was deleted" },
    ]);
    const pending = run(ruleOf({ for: "5m" }), [3]).state;
    expect(endRule(ruleOf(), LABELS, pending, MINUTE, "deleted").signals).toMatchObject([{ status: "resolved" }]);
    expect(endRule(ruleOf(), LABELS, undefined, MINUTE, "deleted").signals).toEqual([]);
  });

  it("gives its alert other labels ends it under the old ones", () => {
    const { signals } = step(ruleOf({ labels: { team: "b" } }), LABELS, firing, { kind: "minute" }, MINUTE);
    expect(signals.map(({ status, labels }) => [status, labels])).toEqual([
      ["resolved", LABELS],
      ["firing", { ...LABELS, team: "b" }],
    ]);
  });

  it("gives its alert another severity tells it, once", () => {
    const risen = ruleOf({ severity: "critical" });
    const { state, signals } = step(risen, LABELS, firing, { kind: "minute" }, MINUTE);
    expect(signals).toMatchObject([{ status: "firing", severity: "critical" }]);
    expect(step(risen, LABELS, state, { kind: "minute" }, 2 * MINUTE).signals).toEqual([]);
  });
});
