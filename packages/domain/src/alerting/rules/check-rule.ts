import { catalogue, type MetricRow } from "@omoios/contracts/metrics";
import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import { durationMs } from "@omoios/contracts/shapes/duration";
import type { ConfigIssue } from "../../config/positions.ts";
import { didYouMean } from "../../config/suggest.ts";
import { entriesOf, type Parts } from "../../config/well-formed.ts";
import { type Condition, labelTerms } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";
import type { Rule } from "./rule.ts";
import { type TemplateNames, templateFaults, unknownLabel } from "./template.ts";

/** What a rule is judged against. Receivers that are not given are not judged. */
export interface RuleContext {
  receivers?: ReadonlySet<string> | undefined;
}

/** A rule that may be evaluated, or everything that is wrong with it. */
export type RuleRead = { ok: true; rule: Rule } | { ok: false; issues: ConfigIssue[] };

/** Names that the alert gives its labels itself. */
const TAKEN = ["alertname", "severity"];

/** Judges a rule of the right shape: its metric, conditions, receivers and templates. */
export function checkRule(written: AlertRule, context: RuleContext = {}): RuleRead {
  const { issues, metric, row, condition, resolve_condition } = judgeMembers(written, context);
  if (issues.length > 0 || row === undefined || condition === undefined) return { ok: false, issues };
  return {
    ok: true,
    rule: {
      name: written.name,
      metric,
      counter: row.kind === "counter",
      condition,
      resolve_condition,
      severity: written.severity,
      routing: written.routing,
      deduplication_window_ms: durationMs(written.deduplication_window),
      for_ms: durationMs(written.for),
      keep_firing_for_ms: durationMs(written.keep_firing_for),
      datapoints: written.datapoints,
      no_data: written.no_data,
      enabled: written.enabled,
      runbook_url: written.runbook_url,
      labels: written.labels,
      annotations: written.annotations,
    },
  };
}

/** Judges those parts of a rule that are there; what is to be judged by a metric, only where that is known. */
export function judgeMembers(written: Parts<AlertRule>, { receivers }: RuleContext) {
  const key = written.metric === undefined ? "metric_name" : "metric";
  const metric = written.metric ?? written.metric_name ?? "";
  const row = catalogue.get(metric);
  const issues: ConfigIssue[] = [];
  if (row === undefined && metric !== "")
    issues.push({ path: [key], message: `unknown metric \`${metric}\`.${didYouMean(metric, catalogue.keys())}` });
  const condition = readCondition(written.condition, "condition", row, issues);
  const resolve_condition = readCondition(written.resolve_condition, "resolve_condition", row, issues);
  const { routing = [], labels = {}, annotations = {} } = written;
  issues.push(
    ...receiverIssues(routing, receivers),
    ...labelIssues(labels, row),
    ...Object.entries(annotations).flatMap(([name, text]) => templateIssues(["annotations", name], text, row, true)),
  );
  return { issues, metric, row, condition, resolve_condition };
}

function readCondition(
  text: string | undefined,
  key: "condition" | "resolve_condition",
  row: MetricRow | undefined,
  issues: ConfigIssue[],
): Condition | undefined {
  if (text === undefined) return undefined;
  const read = parseCondition(text);
  if (!read.ok) {
    issues.push({ path: [key], offset: read.at, message: read.message });
    return undefined;
  }
  // Without a metric nobody knows its labels: one fault is enough.
  if (row === undefined) return read.condition;
  for (const { name, at } of labelTerms(read.condition))
    if (!row.labels.includes(name)) issues.push({ path: [key], offset: at, message: unknownLabel(name, row.labels) });
  return read.condition;
}

function receiverIssues(routing: Parts<AlertRule["routing"]>, receivers: RuleContext["receivers"]): ConfigIssue[] {
  return entriesOf(routing).flatMap(({ entry: name, index }) => {
    const path = ["routing", index];
    if (routing.indexOf(name) < index) return [{ path, message: `the receiver \`${name}\` stands here twice` }];
    if (receivers === undefined || receivers.has(name)) return [];
    const among = receivers.size === 0 ? " There is none." : didYouMean(name, receivers);
    return [{ path, message: `unknown receiver \`${name}\`.${among}` }];
  });
}

function labelIssues(labels: AlertRule["labels"], row: MetricRow | undefined): ConfigIssue[] {
  const own = row?.labels ?? [];
  return Object.entries(labels).flatMap(([name, text]): ConfigIssue[] => {
    const path = ["labels", name];
    if (!/^[A-Za-z_]\w*$/.test(name))
      return [{ path, at: "key", message: `\`${name}\` cannot be a label: letters, digits and _ make one` }];
    if (TAKEN.includes(name))
      return [{ path, at: "key", message: `every alert has \`${name}\` by itself: take another name` }];
    if (own.includes(name))
      return [{ path, at: "key", message: `\`${name}\` is a label of the metric already: take another name` }];
    return templateIssues(path, text, row, false);
  });
}

function templateIssues(path: string[], text: string, row: MetricRow | undefined, value: boolean): ConfigIssue[] {
  if (row === undefined) return [];
  const names: TemplateNames = { labels: row.labels, value };
  return templateFaults(text, names).map(({ at, message }) => ({ path, offset: at, message }));
}
