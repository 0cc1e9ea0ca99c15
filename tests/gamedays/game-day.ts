import { expect } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";

const NOWHERE = { url: "http://127.0.0.1:1", api_key: "omoi_sk_x" };

export const gameday = (...args: string[]) => runOmoi(["gameday", "run", ...args], NOWHERE);

interface Report {
  passed: boolean;
  findings: { expected: string; holds: boolean; seen: string }[];
  detected_ms: number | null;
  repaired_ms: number | null;
  pages: number;
  false_pages: number;
  trace_id: string | null;
  timeline: { what: string; text: string; trace_id: string | null }[];
}

/** Runs one game day, and holds the exit code against the report. */
export async function reported(...args: string[]): Promise<Report> {
  const { out, err, exit } = await gameday(...args, "--json");
  expect(err).toBe("");
  const { passed, reports } = JSON.parse(out) as { passed: boolean; reports: Report[] };
  const [report] = reports;
  if (report === undefined) throw new Error(`No report: ${out}`);
  expect({ passed, exit }).toEqual({ passed: report.passed, exit: report.passed ? 0 : 1 });
  return report;
}

/** What did not hold, in words. */
export const failed = ({ findings }: Report): string[] =>
  findings.filter(({ holds }) => !holds).map(({ expected, seen }) => `${expected}: ${seen}`);
