import { countOf, type TemplateFigures } from "../templates.ts";

export interface Report {
  ministack: string;
  flow: "passed";
  /** Wall time of each step, in seconds. */
  seconds: Record<string, number>;
  functions_kib: Record<string, number>;
  templates_kib: Record<string, number>;
  resources: number;
  resources_by_type: Record<string, number>;
  /** Stacks that the second deployment of the same thing touched. */
  changed_by_second_deploy: string[];
  remains: string[];
  not_shown: readonly string[];
}

/** What an emulator cannot show; tests on one machine and AWS itself must. */
export const NOT_SHOWN = [
  "throttling, access logs, metrics, alarms' states and dashboards",
  "archives, time to live, point-in-time recovery, deletion protection",
  "partial failures, bisecting, retries and dead letters of stream readers (shown on one machine)",
  "limits that AWS enforces, such as the size of a message or of a request",
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
  const table = (title: string, unit: string, rows: Record<string, number>) =>
    [title, ...Object.entries(rows).map(([name, n]) => `  ${name.padEnd(40)}${String(n).padStart(8)}${unit}`)].join(
      "\n",
    );
  const list = (title: string, rows: readonly string[]) =>
    [title, ...(rows.length ? rows : ["nothing"]).map((row) => `  ${row}`)].join("\n");
  return [
    table("Seconds", " s", report.seconds),
    table("Functions", " KiB", report.functions_kib),
    table("Templates", " KiB", report.templates_kib),
    table(`Resources: ${report.resources}`, "", report.resources_by_type),
    list("Changed by the second deployment", report.changed_by_second_deploy),
    list("Remains after the removal", report.remains),
    list("Not shown here", report.not_shown),
    `The main flow ${report.flow} against the deployed stage.`,
  ].join("\n\n");
}

export const rounded = (n: number) => Math.round(n * 10) / 10;
