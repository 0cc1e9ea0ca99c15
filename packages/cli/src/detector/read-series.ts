import { readFile } from "node:fs/promises";
import { WrongUse } from "../wrong-use.ts";

const HEADER = "timestamp,value";

/** One row of a series: when, in milliseconds, and what. */
export interface Row {
  at: number;
  value: number;
}

/**
 * Reads a series as the Numenta benchmark has them: the header `timestamp,value`, then a row for each point, with times as
 * `2014-04-01 00:00:00` (in UTC) or in ISO 8601. Throws `WrongUse` with file and line for what it cannot read.
 */
export async function readSeries(path: string): Promise<Row[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(error.code === "ENOENT" ? `there is no file ${path}` : `${path}: ${error.message}`);
  });
  const [header, ...lines] = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  if (header !== HEADER) {
    throw new WrongUse(`${path}:1: the header must be ${HEADER}, not ${JSON.stringify(header)}`);
  }
  return lines.map((line, index) => rowOf(line, `${path}:${index + 2}`));
}

function rowOf(line: string, place: string): Row {
  const [time, value, ...more] = line.split(",");
  if (time === undefined || value === undefined || more.length > 0) {
    throw new WrongUse(`${place}: a row is a time, a comma and a value, not ${JSON.stringify(line)}`);
  }
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?$/.test(time) ? `${time.replace(" ", "T")}Z` : time);
  if (Number.isNaN(at)) throw new WrongUse(`${place}: ${JSON.stringify(time)} is no time`);
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) throw new WrongUse(`${place}: ${JSON.stringify(value)} is no number`);
  return { at, value: number };
}
