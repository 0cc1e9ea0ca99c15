import type { LastLines } from "./last-lines.ts";

const LONGEST_MESSAGE = 10_000;
const LONGEST_HEAD = 500;

/** An attempt's error: what happened and the telling line first, since the plane judges by the first line; then the last lines. */
export function failureMessage(what: string, output: LastLines): string {
  const telling = output.telling();
  const head = (telling === "" ? what : `${what}: ${telling}`).slice(0, LONGEST_HEAD);
  const lines = output.text();
  return (lines === "" || lines === telling ? head : `${head}\n${lines}`).slice(0, LONGEST_MESSAGE);
}

/** How a process ended, in words: `exit code 3`, `killed by SIGSEGV`. */
export function exitWords(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}
