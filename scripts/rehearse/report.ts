import { countOf, type TemplateFigures } from "../templates.ts";
import { rounded } from "./steps.ts";

/** What a rehearsal found. Of one that failed, what it had found by then. */
export interface Report {
  ministack: string;
  outcome: "passed" | `failed: ${string}`;
  flow: "passed" | "failed" | "not run";
  /** Of an alert through the stage, and of an alarm of CloudWatch into it. */
  alerting: "passed" | "failed" | "not run";
  /** Wall time of each step. */
  seconds: Record<string, number>;
  whole_seconds: number;
  functions_kib: Record<string, number>;
  templates_kib: Record<string, number>;
  resources: number;
  resources_by_type: Record<string, number>;
  /** Stacks that the second deployment of the same thing touched. */
  changed_by_second_deploy: string[];
  /** Stacks that a deployment with other memory for one function touched. */
  changed_by_changed_deploy: string[];
  /** By function, the right that was taken away and asked for in vain. */
  refused_without: Record<string, string>;
  /** A second stage beside the first, whose first deployment was killed. */
  interrupted: { stacks_when_killed: number; stacks: number };
  remains: string[];
  not_shown: readonly string[];
}

/** What an emulator cannot show; tests on one machine and AWS itself must. */
export const NOT_SHOWN = [
  "throttling, access logs, metrics, alarms' states and dashboards",
  "archives, time to live, point-in-time recovery, deletion protection",
  "partial failures, bisecting, retries and dead letters of stream readers (shown on one machine)",
  "limits that AWS enforces, such as the size of a message or of a request",
  "quotas of an account, and how long AWS takes to deploy",
] as const;

/** The templates' part of the report. */
export function figuresOf(templates: readonly TemplateFigures[]) {
  const types = templates.flatMap((template) =>
    Object.entries(template.resources).flatMap(([type, count]) => Array<string>(count).fill(type)),
  );
  return {
    templates_kib: Object.fromEntries(templates.map(({ stack, kib }) => [stack, rounded(kib)])),
    resources: types.length,
    resources_by_type: countOf(types),
  };
}

/** The report as a person reads it. */
export function printed(report: Report): string {
  const table = (title: string, unit: string, rows: Record<string, number | string>) =>
    [title, ...Object.entries(rows).map(([name, n]) => `  ${name.padEnd(40)}${String(n).padStart(8)}${unit}`)].join(
      "\n",
    );
  const list = (title: string, rows: readonly string[]) =>
    [title, ...(rows.length ? rows : ["nothing"]).map((row) => `  ${row}`)].join("\n");
  const { stacks_when_killed, stacks } = report.interrupted;
  return [
    table(`Seconds: ${report.whole_seconds}`, " s", report.seconds),
    table("Functions", " KiB", report.functions_kib),
    table("Templates", " KiB", report.templates_kib),
    table(`Resources: ${report.resources}`, "", report.resources_by_type),
    list("Changed by the second deployment", report.changed_by_second_deploy),
    list("Changed by a deployment with a changed configuration", report.changed_by_changed_deploy),
    table("Refused without a right", "", report.refused_without),
    `A deployment killed with ${stacks_when_killed} of ${stacks} stacks was completed by the next one.`,
    list("Remains after the removal", report.remains),
    list("Not shown here", report.not_shown),
    `The main flow ${report.flow} against the deployed stage; an alert from a sample to a signed webhook, and an alarm of CloudWatch: ${report.alerting}.`,
  ].join("\n\n");
}
