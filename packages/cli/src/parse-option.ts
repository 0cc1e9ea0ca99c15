import { readFile } from "node:fs/promises";
import { duration, durationMs } from "@omoios/contracts/shapes/duration";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import { InvalidArgumentError } from "commander";
import { WrongUse } from "./wrong-use.ts";

/** `a,b, c` as a list. */
export const commaList = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** Each use of the option adds one. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];

export const upperCase = (text: string): string => text.toUpperCase();

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError("must be a whole number.");
  return number;
}

export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("must be a number above 0.");
  return number;
}

/** `90s`, `5m`, `1h30m` or `1d` in milliseconds. */
export function span(text: string): number {
  const read = duration.safeParse(text);
  if (!read.success) throw new InvalidArgumentError(`${read.error.issues[0]?.message ?? "is no duration"}.`);
  return durationMs(text);
}

/** A time (RFC 3339), or how long ago: `10m`, `2h`, `1d`. Gives the time, seen from a moment. */
export function moment(text: string): (now: number) => string {
  if (fromRfc3339(text) !== undefined) return () => text;
  if (!duration.safeParse(text).success)
    throw new InvalidArgumentError(
      "must be how long ago (10m, 2h, 1d) or a time with its offset (2026-01-05T10:00:00Z).",
    );
  return (now) => toRfc3339(now - durationMs(text));
}

/** Reads a JSON file that was named on the command line. */
export async function jsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(error.code === "ENOENT" ? `there is no file ${path}` : `${path}: ${error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongUse(`${path} is not JSON: ${(error as SyntaxError).message}`);
  }
}

/** An option that can be given as `--x <text>` and taken back as `--no-x`: null removes what is there. */
export const orNull = (option: string | false | undefined): string | null | undefined =>
  option === false ? null : option;

/** Members that were given, so that a request says nothing about the others. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

/** As `given`, of what is to be changed. Throws `WrongUse` where that is nothing. */
export function changesOf<T extends object>(members: T): ReturnType<typeof given<T>> {
  const changes = given(members);
  if (Object.keys(changes).length === 0) throw new WrongUse("say what to change (--help names the options)");
  return changes;
}
