import { describe, expect, it } from "vitest";
import type { Alert } from "./alert.ts";
import { acknowledge, alertDue, alertDueAt, resolveByHand } from "./alert-acts.ts";
import { fingerprint, identityLabels } from "./identity.ts";
import { hear } from "./life.ts";
import { at, ends, fires, HOUR, said } from "./scenario.fixture.ts";
import type { AlertSignal } from "./signal.ts";

/** An alert after these words, in the order in which they arrive. */
const after = (...words: AlertSignal[]): Alert => {
  const alert = words.reduce<Alert | undefined>((known, word) => hear(known, word)?.alert ?? known, undefined);
  if (alert === undefined) throw new Error("nothing was said");
  return alert;
};
const accept = (outcome: ReturnType<typeof acknowledge>) => {
  if (!outcome.accepted) throw outcome.problem;
  return outcome.value.alert;
};

describe("identity", () => {
  const print = (alertname: string, labels: Record<string, string>) =>
    fingerprint(identityLabels({ alertname, labels }));

  it.each([
    ["in another order", { zone: "a", agent_id: "a1" }, true],
    ["with a severity", { agent_id: "a1", zone: "a", severity: "critical" }, true],
    ["with an empty label more", { agent_id: "a1", zone: "a", phase: "" }, true],
    ["with a label more", { agent_id: "a1", zone: "a", phase: "b" }, false],
    ["with another value", { agent_id: "a2", zone: "a" }, false],
  ])("of the labels %s is the same: %s", (_, labels, same) => {
    expect(print("slow", labels) === print("slow", { agent_id: "a1", zone: "a" })).toBe(same);
  });

  it("is another one under another name", () => {
    expect(print("slow", { agent_id: "a1" })).not.toBe(print("late", { agent_id: "a1" }));
  });
});

describe("what is said of an alert", () => {
  it("moves it through its states, and leaves a line of each in the log", () => {
    const words = [said(0, "pending"), fires(60, { value: 7 }), ends(120)];
    let alert: Alert | undefined;
    const lines = words.flatMap((word) => {
      const step = hear(alert, word);
      alert = step?.alert;
      return [alert?.state, ...(step?.entries ?? []).map(({ decision, why }) => `${decision}: ${why}`)];
    });
    expect(lines).toEqual([
      "pending",
      "pending: pending since 2026-01-05T10:00:00.000Z",
      "firing",
      "firing: firing since 2026-01-05T10:01:00.000Z at 7",
      "resolved",
      "resolved: the condition is over",
    ]);
  });

  it.each([
    { what: "the same again", words: [fires(0)], late: fires(0) },
    { what: "an older end", words: [fires(60)], late: ends(30) },
    { what: "a begin before the end that is known", words: [ends(60)], late: fires(30) },
    { what: "a begin at the very moment of the end", words: [fires(0), ends(60)], late: fires(60) },
    { what: "a begin that a person saw before resolving it", words: [fires(0)], late: fires(60), resolved: 90 },
  ])("$what changes nothing", ({ words, late, resolved }) => {
    const alert = after(...words);
    const now = resolved === undefined ? alert : accept(resolveByHand(alert, "ann", "done", at(resolved)));
    expect(hear(now, late)).toBeUndefined();
  });

  it("opens it again under another id", () => {
    const first = after(fires(0), ends(60));
    const second = after(fires(0), ends(60), fires(120));
    expect([second.previous, second.state, second.fired_at]).toEqual([first.alert_id, "firing", at(120)]);
    expect(second.alert_id).not.toBe(first.alert_id);
  });

  it("remembers the worst severity of an occurrence, and starts anew with the next", () => {
    const worst = [fires(0), fires(1, { severity: "critical" }), fires(2)];
    expect([after(...worst).severity, after(...worst).worst]).toEqual(["warning", "critical"]);
    expect(after(...worst, ends(3), fires(4)).worst).toBe("warning");
  });

  it("says why it is over where its source does", () => {
    const step = hear(after(fires(0)), ends(60, { reason: "the rule was removed" }));
    expect(step?.entries.map(({ why }) => why)).toEqual(["the rule was removed"]);
  });
});

describe("what people do, and what happens by itself", () => {
  it("acknowledges for half an hour, from the newest word on", () => {
    const once = accept(acknowledge(after(fires(0)), "ann", at(60)));
    expect([once.state, alertDueAt(once)]).toEqual(["acknowledged", at(60 + 1_800)]);
    const twice = accept(acknowledge(once, "ben", at(600)));
    expect(alertDue(twice, at(60 + 1_800))).toBeUndefined();
    expect(alertDue(twice, at(600 + 1_800))?.alert.state).toBe("firing");
  });

  it.each([
    ["pending", after(said(0, "pending"))],
    ["resolved", after(fires(0), ends(60))],
  ])("does not acknowledge what is %s", (state, alert) => {
    const outcome = acknowledge(alert, "ann", at(90));
    expect(outcome.accepted ? undefined : [outcome.problem.code, outcome.problem.extra]).toEqual([
      "alert.not_firing",
      { state },
    ]);
  });

  it("resolves by hand once", () => {
    const resolved = accept(resolveByHand(after(fires(0)), "ann", "restarted it", at(90)));
    expect(resolved.resolution).toEqual({ by: "hand", principal: "ann", note: "restarted it" });
    expect(resolveByHand(resolved, "ann", "again", at(100)).accepted).toBe(false);
  });

  it.each([
    { what: "while its condition holds", words: [fires(0)], given: {}, reopens: at(120) },
    { what: "of an event", words: [fires(0, { once: true })], given: {}, reopens: undefined },
    { what: "once its source ended it too", words: [fires(0)], given: { ended: 100 }, reopens: undefined },
    {
      what: "that its source lets run out before",
      words: [fires(0, { ends_at: at(110) })],
      given: {},
      reopens: undefined,
    },
  ])("resolved by hand $what it comes back: $reopens", ({ words, given, reopens }) => {
    const resolved = accept(resolveByHand(after(...words), "ann", "done", at(90)));
    const alert = "ended" in given ? (hear(resolved, ends(given.ended ?? 0))?.alert ?? resolved) : resolved;
    expect(alertDueAt(alert)).toBe(reopens);
    const again = reopens === undefined ? undefined : alertDue(alert, reopens)?.alert;
    expect([again?.state, again?.previous]).toEqual(
      reopens === undefined ? [undefined, undefined] : ["firing", alert.alert_id],
    );
  });

  it("ends by itself when its source says no more of it", () => {
    const alert = after(fires(0, { ends_at: at(300) }), fires(60, { ends_at: at(360) }));
    expect(alertDueAt(alert)).toBe(at(360));
    const ended = alertDue(alert, at(400))?.alert;
    expect([ended?.state, ended?.resolved_at]).toEqual(["resolved", at(360)]);
    expect(hear(ended, fires(HOUR))?.alert.previous).toBe(alert.alert_id);
  });
});
