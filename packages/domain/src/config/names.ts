import type { ConfigIssue, ConfigPath } from "./positions.ts";
import { didYouMean } from "./suggest.ts";

/** Every name that stands in a list for the second time. */
export function duplicates(names: readonly { name: string; path: ConfigPath }[]): ConfigIssue[] {
  const seen = new Set<string>();
  return names.flatMap(({ name, path }) => {
    const twice = seen.has(name);
    seen.add(name);
    return twice ? [{ path, message: `${name} is taken already: each needs its own` }] : [];
  });
}

/** An unknown name among known ones. */
export function unknownName(what: string, name: string, known: readonly string[], path: ConfigPath): ConfigIssue[] {
  return known.includes(name) ? [] : [{ path, message: `there is no ${what} ${name}.${didYouMean(name, known)}` }];
}
