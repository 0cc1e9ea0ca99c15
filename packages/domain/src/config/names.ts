import type { ConfigIssue, ConfigPath } from "./positions.ts";
import { didYouMean } from "./suggest.ts";

/** Every name that stands in a list for the second time; one that is missing is left out. */
export function duplicates(names: readonly { name: string | number | undefined; path: ConfigPath }[]): ConfigIssue[] {
  const seen = new Set<string | number>();
  return names.flatMap(({ name, path }) => {
    if (name === undefined) return [];
    const twice = seen.has(name);
    seen.add(name);
    return twice ? [{ path, message: `${name} is taken already: each needs its own` }] : [];
  });
}

/** An unknown name among known ones; none where the name is missing, or what is known. */
export function unknownName(
  what: string,
  name: string | undefined,
  known: readonly string[] | undefined,
  path: ConfigPath,
): ConfigIssue[] {
  if (name === undefined || known === undefined) return [];
  return known.includes(name) ? [] : [{ path, message: `there is no ${what} ${name}.${didYouMean(name, known)}` }];
}
