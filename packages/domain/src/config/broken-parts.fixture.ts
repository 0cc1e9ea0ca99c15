import { parseDocument } from "yaml";
import { type ConfigPath, pathText } from "./positions.ts";

/**
 * Puts what fits nowhere in the place of each part of a good text, one after the other. Of each, one fault is to be told, there or inside;
 * returns where a reader says anything else.
 * @param faultsOf the faults of a text, as lines `file:line:column path: words`
 */
export function strayFaults(good: string, faultsOf: (text: string) => readonly string[]): string[] {
  const places = pathsIn(parseDocument(good).toJS()).slice(1);
  return places.flatMap((path) =>
    [null, [7]].flatMap((put) => {
      const document = parseDocument(good);
      document.setIn(path, put);
      const faults = faultsOf(String(document));
      const told = faults.map((fault) => fault.slice(fault.indexOf(" ") + 1));
      if (told.length === 1 && told[0]?.startsWith(pathText(path))) return [];
      return [`${pathText(path)} is ${JSON.stringify(put)}: ${faults.join("; ") || "nothing is said"}`];
    }),
  );
}

/** The path of a value and of every part of it. */
export function pathsIn(value: unknown): ConfigPath[] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[], ...inner.flatMap(([key, part]) => pathsIn(part).map((rest) => [key, ...rest]))];
}
