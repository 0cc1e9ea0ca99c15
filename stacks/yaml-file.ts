import { existsSync, readFileSync } from "node:fs";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";

/**
 * Reads a YAML file and checks it with a schema.
 * @throws with one line `file:line:column: where: what` for each fault
 */
export function readYaml<T>(path: string, schema: z.ZodType<T>): T {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file`);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}: ${message}`;
  };
  if (document.errors.length > 0) {
    throw new Error(document.errors.map((fault) => at(fault.pos[0], fault.message)).join("\n"));
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => placed(issue));
  throw new Error(
    faults.map(({ path, message }) => at(offsetOf(document, path), `${path.join(".")}: ${message}`)).join("\n"),
  );
}

interface Fault {
  path: PropertyKey[];
  message: string;
}

/** An unknown key is a fault of that key, not of the map that holds it. */
function placed(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "invalid_key") return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: "is no known setting" }));
}

/** Where the key of a path stands; where it is missing, the nearest key above it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const last = path.at(-1);
  if (last === undefined) return 0;
  const parent = document.getIn(path.slice(0, -1), true);
  const key = isMap(parent)
    ? parent.items.map((pair) => pair.key).find((key) => isScalar(key) && key.value === last)
    : document.getIn(path, true);
  if (isNode(key) && key.range) return key.range[0];
  return offsetOf(document, path.slice(0, -1));
}
