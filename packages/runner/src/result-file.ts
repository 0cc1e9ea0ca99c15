import { readFile, stat } from "node:fs/promises";
import { storable, taskResult } from "@omoios/contracts/shapes/task";
import type * as z from "zod";

const MAX_RESULT_BYTES = 1_000_000;
const shape = storable(taskResult().pick({ output: true, artifacts: true, metrics: true, handoff: true }));

export type CommandResult = z.input<typeof shape>;

/** The command wrote a result file that cannot be handed in. The message names the fault. */
export class BadResultFile extends Error {
  override readonly name = "BadResultFile";

  constructor(message: string) {
    // What was read wrong is quoted, and the quotation may begin or end inside a character.
    super(`result file: ${message}`.toWellFormed());
  }
}

/** Reads `{output?, artifacts?, metrics?, handoff?}`. No file, or an empty one, is an empty result. Throws `BadResultFile`. */
export async function readResultFile(path: string): Promise<CommandResult> {
  const size = await sizeOf(path);
  if (size > MAX_RESULT_BYTES) {
    throw new BadResultFile(`${size} bytes, more than ${MAX_RESULT_BYTES}: hand in large things by url`);
  }
  const text = size === 0 ? "" : await readFile(path, "utf8");
  if (text.trim() === "") return {};
  const parsed = shape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data as CommandResult;
  const faults = parsed.error.issues.map(({ path: at, message }) => `${at.join(".") || "the whole"}: ${message}`);
  throw new BadResultFile(`${faults.slice(0, 5).join("; ")}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadResultFile(`bad JSON (${(error as SyntaxError).message})`);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
