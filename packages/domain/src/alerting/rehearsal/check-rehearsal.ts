import { durationMs } from "@omoios/contracts/shapes/duration";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import { duplicates, unknownName } from "../../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../../config/positions.ts";
import { below, ownRouting } from "../own-routing.ts";
import type { RoutingConfig } from "../routing-config.ts";
import { checkSeries } from "../rules/check-series.ts";
import { readRule } from "../rules/rule-file.ts";
import { type Silence, silenceFaults } from "../silence.ts";
import type { RehearsalFile } from "./rehearsal-shape.ts";

/** What the parts of a test's file owe each other. */
export function checkRehearsal(file: RehearsalFile, shipped: RoutingConfig | undefined): ConfigIssue[] {
  const routing = ownRouting(file.routing, shipped);
  const receivers = routing.config?.receivers.map(({ name }) => name);
  const rules = judgeRules(file, receivers);
  const start = fromRfc3339(file.start) ?? 0;
  return [
    ...routing.issues,
    ...rules.issues,
    ...file.series.flatMap((series, index) => below(["series", index], checkSeries(series))),
    ...file.series.flatMap(({ samples }, index) =>
      samples.flatMap(({ every }, place) => positive(every, ["series", index, "samples", place, "every"])),
    ),
    ...positive(file.evaluation_interval, ["evaluation_interval"]),
    ...file.silences.flatMap((silence, index) => below(["silences", index], silenceFaults(silenceOf(silence, start)))),
    ...file.acts.flatMap((act, index) =>
      act.do === "pause_sweep" ? [] : unknownName("rule", act.alert, rules.names, ["acts", index, "alert"]),
    ),
    ...checkExpectations(file, receivers, rules.names),
  ];
}

/** A silence of the file; spans count from the start. */
export function silenceOf(given: RehearsalFile["silences"][number], start: Instant): Silence {
  const { starts_at, ends_at, ...silence } = given;
  const at = (text: string): Instant => fromRfc3339(text) ?? start + durationMs(text);
  const known = { ...silence, silence_id: silence.matchers.join(), author: "the test", starts_at: at(starts_at) };
  return ends_at === undefined ? known : { ...known, ends_at: at(ends_at) };
}

const positive = (span: string, path: ConfigPath): ConfigIssue[] =>
  durationMs(span) > 0 ? [] : [{ path, message: "must be more than 0" }];

function judgeRules({ rules }: RehearsalFile, receivers: readonly string[] | undefined) {
  const context = { receivers: receivers === undefined ? undefined : new Set(receivers) };
  const judged = rules.map((entry) => readRule(entry, context));
  // A rule that is refused for something else is known by its name all the same.
  const named = rules.flatMap((entry, index) => {
    const name: unknown = Object(entry).name;
    return typeof name === "string" ? [{ name, path: ["rules", index, "name"] }] : [];
  });
  const issues = judged.flatMap((read, index) => (read.ok ? [] : below(["rules", index], read.issues)));
  return { names: named.map(({ name }) => name), issues: [...issues, ...duplicates(named)] };
}

function checkExpectations(
  { expect }: RehearsalFile,
  receivers: readonly string[] | undefined,
  rules: readonly string[],
) {
  return expect.notifications.flatMap(({ receiver, alert, between }, index): ConfigIssue[] => {
    const path = ["expect", "notifications", index];
    const turned = between !== undefined && durationMs(between[0]) > durationMs(between[1]);
    return [
      ...unknownName("receiver", receiver, receivers, [...path, "receiver"]),
      ...unknownName("rule", alert, rules, [...path, "alert"]),
      ...(turned ? [{ path: [...path, "between"], message: "ends before it begins" }] : []),
    ];
  });
}
