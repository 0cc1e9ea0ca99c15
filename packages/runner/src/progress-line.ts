import { cutText } from "@omoios/kernel/cut-text";

export interface ProgressLine {
  percent: number;
  note?: string;
}

const LINE = /^omoi:progress\s+(\d+(?:\.\d+)?)%?(?:\s+(.*\S))?\s*$/;
const LONGEST_NOTE = 2_000;

/** Reads `omoi:progress PERCENT NOTE`. Percent is cut to 100. Gives `undefined` for any other line: it is plain output. */
export function parseProgressLine(line: string): ProgressLine | undefined {
  const [, percent, note] = LINE.exec(line) ?? [];
  if (percent === undefined) return undefined;
  const progress = { percent: Math.min(100, Number(percent)) };
  return note === undefined ? progress : { ...progress, note: cutText(note, LONGEST_NOTE) };
}
