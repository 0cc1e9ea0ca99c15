import { cutText } from "@omoios/kernel/cut-text";
import type { LastLines } from "./last-lines.ts";

/** What the plane takes of an error, in characters. */
export const LONGEST_MESSAGE = 10_000;
const LONGEST_HEAD = 500;

/** An attempt's error: what happened and the telling line first, since the plane judges by the first line; then the last lines. */
export function failureMessage(what: string, output: LastLines): string {
  const telling = output.telling();
  const head = cutText(telling === "" ? what : `${what}: ${telling}`, LONGEST_HEAD);
  const lines = output.text();
  return cutText(lines === "" || lines === telling ? head : `${head}\n${lines}`, LONGEST_MESSAGE);
}

/** How a process ended, in words: `exit code 3`, `killed by SIGSEGV`. */
export function exitWords(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}
