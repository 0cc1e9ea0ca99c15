import { readFileSync } from "node:fs";
import { WrongUse } from "./wrong-use.ts";

/** A file's text. Throws `WrongUse` where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new WrongUse(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
