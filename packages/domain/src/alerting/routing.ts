import { type Labels, SEVERITIES, type Severity, type WeeklyTime } from "@omoios/contracts/shapes/alert";
import { durationMs } from "@omoios/contracts/shapes/duration";
import { allMatch, type Matcher, matchersOf } from "./matcher.ts";
import type { Receiver, RouteConfig, RoutingConfig } from "./routing-config.ts";

/** A route with what it inherits. */
export interface Route {
  /** The matchers on the way to it, which is what its groups are known by. */
  id: string;
  /** The route above it; none above the first. */
  parent?: string | undefined;
  /** As they are written. */
  matchers: readonly string[];
  /** Whether the routes after it are tried too. */
  continues: boolean;
  receiver: string;
  escalation?: Escalation | undefined;
  /** `undefined`: each alert by itself. */
  group_by?: readonly string[] | undefined;
  group_wait_ms: number;
  /** Whether a route under the first one set the wait, so that it holds for critical alerts too. */
  waits_always: boolean;
  group_interval_ms: number;
  repeat_interval_ms: number;
  mute_times: readonly (readonly WeeklyTime[])[];
  /** Whether what a receiver knows is no news to it. */
  deduplicates: boolean;
}

export interface Escalation {
  steps: readonly { after_ms: number; receiver: string }[];
  loops: number;
}

export interface Inhibition {
  source: readonly Matcher[];
  target: readonly Matcher[];
  equal: readonly string[];
}

/** The routing, ready to be asked. */
export interface Routing {
  receivers: ReadonlyMap<string, Receiver>;
  routes: ReadonlyMap<string, Route>;
  inhibitions: readonly Inhibition[];
  resolve_timeout_ms: number;
  /** The routes that an alert takes: the first child that matches, and those after it where it says `continue`; else the parent. */
  routesOf(labels: Labels): Route[];
}

interface Node {
  route: Route;
  matchers: readonly Matcher[];
  children: readonly Node[];
}

/**
 * Makes a checked configuration ready. Throws where it was not checked.
 * @param deduplicates false in a build that game days must fail on: at each look at a group, whatever fires is told
 */
export function routingOf(config: RoutingConfig, deduplicates = true): Routing {
  const routes = new Map<string, Route>();
  const top = { ...config.route, matchers: [], continue: false };
  const root = nodeOf(config, top, { ...ABOVE_ALL, deduplicates }, "{}", routes);
  return {
    receivers: new Map(config.receivers.map((receiver) => [receiver.name, receiver])),
    routes,
    inhibitions: config.inhibit_rules.map(({ source_matchers, target_matchers, equal }) => ({
      source: matchersOf(source_matchers),
      target: matchersOf(target_matchers),
      equal,
    })),
    resolve_timeout_ms: durationMs(config.resolve_timeout),
    routesOf: (labels) => walk(root, labels),
  };
}

const RANKS = new Map<Severity, number>(SEVERITIES.map((severity, rank) => [severity, rank]));

/** How severe: a higher number is worse. */
export const rankOf = (severity: Severity): number => RANKS.get(severity) ?? 0;

/** How long a new group waits for company. */
export const waitOf = ({ group_wait_ms, waits_always }: Route, severity: Severity): number =>
  severity === "critical" && !waits_always ? 0 : group_wait_ms;

function walk({ route, children }: Node, labels: Labels): Route[] {
  const found: Route[] = [];
  for (const child of children) {
    if (!allMatch(child.matchers, labels)) continue;
    found.push(...walk(child, labels));
    if (!child.route.continues) break;
  }
  return found.length === 0 ? [route] : found;
}

/** What the first route inherits. */
const ABOVE_ALL: Omit<Route, "deduplicates"> = {
  id: "",
  matchers: [],
  continues: false,
  receiver: "",
  group_by: ["alertname"],
  group_wait_ms: 30_000,
  waits_always: false,
  group_interval_ms: 300_000,
  repeat_interval_ms: 4 * 3_600_000,
  mute_times: [],
};

function nodeOf(
  config: RoutingConfig,
  own: RouteConfig,
  parent: Route,
  path: string,
  routes: Map<string, Route>,
): Node {
  // Brothers with the same matchers are told apart by their order, which changes nothing for all others.
  let id = path;
  for (let n = 2; routes.has(id); n += 1) id = `${path}#${n}`;
  const above = parent.id === ABOVE_ALL.id ? undefined : parent.id;
  const { matchers, continue: continues } = own;
  const route: Route = { ...inherited(config, own, parent), id, parent: above, matchers, continues };
  routes.set(id, route);
  const children = (own.routes ?? []).map((child) =>
    nodeOf(config, child, route, `${id}/{${child.matchers.join(",")}}`, routes),
  );
  return { route, matchers: matchersOf(matchers), children };
}

function inherited(config: RoutingConfig, own: RouteConfig, parent: Route): Route {
  const ms = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : durationMs(text));
  return {
    ...parent,
    receiver: own.receiver ?? parent.receiver,
    escalation: escalationOf(config, own, parent),
    group_by: own.group_by === undefined ? parent.group_by : own.group_by.includes("...") ? undefined : own.group_by,
    group_wait_ms: ms(own.group_wait, parent.group_wait_ms),
    waits_always: parent.waits_always || (parent.id !== ABOVE_ALL.id && own.group_wait !== undefined),
    group_interval_ms: ms(own.group_interval, parent.group_interval_ms),
    repeat_interval_ms: ms(own.repeat_interval, parent.repeat_interval_ms),
    mute_times:
      own.mute_times?.map((name) => config.mute_times.find((each) => each.name === name)?.times ?? []) ??
      parent.mute_times,
  };
}

/** A route with a receiver of its own does not inherit steps, which would stand in that receiver's place. */
function escalationOf(config: RoutingConfig, own: RouteConfig, parent: Route): Escalation | undefined {
  if (own.escalation === undefined) return own.receiver === undefined ? parent.escalation : undefined;
  const found = config.escalations.find(({ name }) => name === own.escalation);
  if (found === undefined) return undefined;
  const steps = found.steps.map(({ after, receiver }) => ({ after_ms: durationMs(after), receiver }));
  return { steps, loops: found.loops };
}
