import { oneLine } from "./visible.ts";

export interface Column<Row> {
  head: string;
  value: (row: Row) => string;
  /** Numbers stand to the right. */
  right?: boolean;
  /** May be cut when the line is too long; the widest of these goes first. */
  cut?: boolean;
  paint?: (text: string) => string;
}

const GAP = "  ";
const NARROWEST = 8;

/** Renders rows under heads, cut to the width. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const widths = columns.map(({ head }, at) => Math.max(head.length, ...cells.map((line) => (line[at] ?? "").length)));
  fit(widths, columns, width);
  const lines = [columns.map(({ head }) => head), ...cells].map((line, number) =>
    columns
      .map(({ right, paint }, at) => {
        const text = cutTo(line[at] ?? "", widths[at] ?? 0);
        const isLast = at === columns.length - 1 && right !== true;
        const padding = " ".repeat(isLast ? 0 : (widths[at] ?? 0) - text.length);
        const shown = number > 0 && paint ? paint(text) : text;
        return right ? padding + shown : shown + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Narrows the widest column that may be cut, a character at a time, until the line fits. */
function fit(widths: number[], columns: readonly { cut?: boolean }[], width: number): void {
  const total = () => widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1));
  while (total() > width) {
    const candidates = widths.map((each, at) => (columns[at]?.cut ? each : 0));
    const widest = Math.max(...candidates);
    if (widest <= NARROWEST) return;
    widths[candidates.indexOf(widest)] = widest - 1;
  }
}

function cutTo(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}
