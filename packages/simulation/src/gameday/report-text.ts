import type { Report } from "./report.ts";

/** A report for people: what happened, with a mark before what belongs to the trace; then what was expected. */
export function reportText(report: Report): string {
  const { title, file, without, passed, timeline, findings, trace_id } = report;
  const how = without === null ? "" : `, without ${without}`;
  const lines = timeline.map(({ at_ms, what, text, times, trace_id: own }) => {
    const mark = own !== null && own === trace_id ? "·" : " ";
    return `  ${timeText(at_ms)} ${mark} ${what.padEnd(5)} ${text}${times > 1 ? ` ×${times}` : ""}`;
  });
  const judged = findings.map(
    ({ holds, expected, seen }) => `  ${holds ? "holds " : "FAILS "} ${expected}${holds ? "" : `; seen: ${seen}`}`,
  );
  return `${[`${title} (${file}${how}): ${passed ? "passed" : "FAILED"}`, ...lines, "", ...judged, "", ...sums(report)].join("\n")}\n\n`;
}

function sums({ detected_ms, acknowledged_ms, repaired_ms, pages, false_pages, trace_id }: Report): string[] {
  const span = (ms: number | null) => (ms === null ? "–" : `${Math.round(ms / 1000)} s`);
  const times = `detected ${span(detected_ms)}, acknowledged ${span(acknowledged_ms)}, repaired ${span(repaired_ms)}`;
  const trace = trace_id === null ? [] : [`  · trace ${trace_id}`];
  return [`  ${times}; ${pages} pages, ${false_pages} of them false`, ...trace];
}

/** `mm:ss` since the begin. */
function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
