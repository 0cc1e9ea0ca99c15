/** A route of an HTTP API: its key as API Gateway names it, and whom it leads to. */
export interface Route<Target> {
  route: string;
  target: Target;
}

export interface RouteMatch<Target> {
  route: string;
  target: Target;
  path_parameters: Record<string, string>;
}

interface Compiled<Target> extends Route<Target> {
  method: string;
  segments: string[];
}

/**
 * Finds the route of a request as API Gateway does: the method's own route before `ANY`, more literal segments before fewer, `$default`
 * last.
 */
export function routeTable<Target>(
  routes: readonly Route<Target>[],
): (method: string, path: string) => RouteMatch<Target> | undefined {
  const fallback = routes.find(({ route }) => route === "$default");
  const compiled = routes
    .filter((each) => each !== fallback)
    .map(compile)
    .sort(bySpecificity);
  return (method, path) => {
    const segments = path.split("/").slice(1);
    for (const candidate of compiled) {
      if (candidate.method !== method && candidate.method !== "ANY") continue;
      const found = parametersOf(candidate.segments, segments);
      if (found) return { route: candidate.route, target: candidate.target, path_parameters: found };
    }
    return fallback && { ...fallback, path_parameters: {} };
  };
}

function compile<Target>({ route, target }: Route<Target>): Compiled<Target> {
  const [method = "", path = ""] = route.split(" ");
  return { route, target, method, segments: path.split("/").slice(1) };
}

function bySpecificity(one: Compiled<unknown>, other: Compiled<unknown>): number {
  return rank(one).localeCompare(rank(other)) || Number(one.method === "ANY") - Number(other.method === "ANY");
}

/** Literal segments sort before parameters, those before greedy ones, from left to right. */
const rank = ({ segments }: Compiled<unknown>) =>
  segments.map((each) => (isGreedy(each) ? 2 : isParameter(each) ? 1 : 0)).join("");

const isParameter = (segment: string) => segment.startsWith("{");
const isGreedy = (segment: string) => segment.endsWith("+}");

function parametersOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [place, part] of pattern.entries()) {
    const segment = segments[place];
    if (segment === undefined) return undefined;
    if (isGreedy(part)) {
      found[part.slice(1, -2)] = segments.slice(place).map(decode).join("/");
      return found;
    }
    if (isParameter(part)) {
      if (segment === "") return undefined;
      found[part.slice(1, -1)] = decode(segment);
    } else if (part !== segment) return undefined;
  }
  return pattern.length === segments.length ? found : undefined;
}

/** What is no valid escape stays as it came. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
