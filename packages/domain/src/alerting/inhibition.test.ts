import type { Labels } from "@omoios/contracts/shapes/alert";
import { expect, it } from "vitest";
import { canInhibit, inhibitedBy } from "./inhibition.ts";
import { matchersOf } from "./matcher.ts";

const rule = (source: string[], target: string[], equal: string[] = []) => ({
  source: matchersOf(source),
  target: matchersOf(target),
  equal,
});
const alert = (fingerprint: string, labels: Labels) => ({ fingerprint, labels });
const down = alert("f1", { alertname: "down", zone: "a" });
const slow = (zone?: string) => alert("f2", { alertname: "slow", ...(zone === undefined ? {} : { zone }) });
const zoned = rule(["alertname=down"], ["alertname=slow"], ["zone"]);
const severe = rule(["severity=critical"], ["severity=~.+"], ["zone"]);

it.each([
  { what: "equal labels", rules: [zoned], target: slow("a"), sources: [down], by: "f1" },
  { what: "other labels", rules: [zoned], target: slow("b"), sources: [down], by: undefined },
  { what: "a label that one of them lacks", rules: [zoned], target: slow(), sources: [down], by: undefined },
  {
    what: "a label that both lack, or that is empty",
    rules: [zoned],
    target: slow(),
    sources: [alert("f1", { alertname: "down", zone: "" })],
    by: "f1",
  },
  {
    what: "another target",
    rules: [zoned],
    target: alert("f3", { alertname: "late", zone: "a" }),
    sources: [down],
    by: undefined,
  },
  { what: "no source", rules: [zoned], target: slow("a"), sources: [], by: undefined },
  {
    what: "itself",
    rules: [severe],
    target: alert("f1", { severity: "critical" }),
    sources: [alert("f1", { severity: "critical" })],
    by: undefined,
  },
  {
    what: "one of its own kind, which it would inhibit too",
    rules: [severe],
    target: alert("f1", { severity: "critical" }),
    sources: [alert("f2", { severity: "critical" })],
    by: undefined,
  },
])("with $what: inhibited by $by", ({ rules, target, sources, by }) => {
  expect(inhibitedBy(rules, target.labels, sources)?.fingerprint).toBe(by);
});

it("knows which alerts can inhibit others", () => {
  expect([down.labels, slow("a").labels].map((labels) => canInhibit([zoned], labels))).toEqual([true, false]);
});
