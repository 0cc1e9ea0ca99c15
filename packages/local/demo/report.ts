import type { Evidence, TicketEvidence } from "./evidence.ts";

const HEAD = ["ticket", "title", "phases", "tasks", "attempts", "time", "evidence"];

/** The table at the end: what each ticket took, and what its gates were shown. */
export function tableOf({ tickets }: Evidence): string {
  const rows = [HEAD, ...tickets.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return lines.join("\n");
}

function rowOf(ticket: TicketEvidence): string[] {
  const attempts = ticket.tasks.reduce((sum, task) => sum + task.attempts.length, 0);
  return [
    ticket.ref,
    ticket.title,
    String(ticket.history.length),
    String(ticket.tasks.length),
    String(attempts),
    ticket.completed_at === null ? "open" : `${secondsBetween(ticket.created_at, ticket.completed_at)} s`,
    evidenceOf(ticket),
  ];
}

function evidenceOf({ artifacts }: TicketEvidence): string {
  const figure = (type: string, name: string) =>
    artifacts.findLast((artifact) => artifact.type === type)?.metadata[name];
  const release = artifacts.findLast(({ type }) => type === "deployment_evidence")?.path ?? "not deployed";
  const coverage = `coverage ${figure("test_coverage", "coverage_percent") ?? "?"} %`;
  const tests = `${figure("test_results", "passed") ?? "?"}/${figure("test_results", "tests") ?? "?"} tests`;
  return [coverage, tests, release].join(", ");
}

function secondsBetween(from: string, to: string): string {
  return ((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1);
}
