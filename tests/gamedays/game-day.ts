import { expect } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";

const NOWHERE = { url: "http://127.0.0.1:1", api_key: "omoi_sk_x" };

/** Runs a command of `omoi gameday` without a plane. */
export const gameday = (...args: string[]) => runOmoi(["gameday", ...args], NOWHERE);

export interface Report {
  passed: boolean;
  findings: { expected: string; holds: boolean; seen: string }[];
  detected_ms: number | null;
  repaired_ms: number | null;
  pages: number;
  false_pages: number;
  trace_id: string | null;
  timeline: { what: string; text: string; trace_id: string | null }[];
}

/** Runs one game day in virtual time. */
export const reported = async (...args: string[]): Promise<Report> => reportIn(await gameday("run", ...args, "--json"));

type Ran = Awaited<ReturnType<typeof gameday>>;

/** The report that a run of one game day gave, once the exit code was held against it. */
export function reportIn(ran: Ran): Report {
  const [report] = reportsIn(ran);
  if (report === undefined) throw new Error(`No report: ${ran.out}`);
  return report;
}

/** The same of several. */
export function reportsIn({ out, err, exit }: Ran): Report[] {
  expect(err).toBe("");
  const { passed, reports } = JSON.parse(out) as { passed: boolean; reports: Report[] };
  const all = reports.every((report) => report.passed);
  expect({ passed, exit }).toEqual({ passed: all, exit: all ? 0 : 1 });
  return reports;
}

/** What did not hold, in words. */
export const failed = ({ findings }: Report): string[] =>
  findings.filter(({ holds }) => !holds).map(({ expected, seen }) => `${expected}: ${seen}`);
