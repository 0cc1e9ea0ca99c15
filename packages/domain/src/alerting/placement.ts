import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { same } from "../config/same.ts";
import { type Alert, isFiring } from "./alert.ts";
import { earliest, newsDueAt } from "./gates.ts";
import type { Group, Member } from "./group.ts";
import { sorted, withSeverity } from "./identity.ts";
import type { LogEntry } from "./log.ts";
import { labelOf } from "./matcher.ts";
import { type Route, type Routing, rankOf, waitOf } from "./routing.ts";

/** A group that an alert belongs to. */
interface Placement {
  key: string;
  route: Route;
  labels: Labels;
  /** Receivers that its rule adds; only the first of its groups tells them. */
  extras: readonly string[];
}

/** The groups that an alert belongs to by its labels and its worst severity. */
export function placementsOf(
  routing: Routing,
  { labels, worst, routing: added }: Pick<Alert, "labels" | "worst" | "routing">,
): Placement[] {
  const routes = routing.routesOf(withSeverity({ labels, severity: worst }));
  const told = routes.map(({ receiver, escalation }) => escalation?.steps[0]?.receiver ?? receiver);
  // Whom the tree and the rule both name is told once.
  const extras = added.filter((receiver) => routing.receivers.has(receiver) && !told.includes(receiver));
  return routes.map((route, index) => {
    const grouped = groupLabels(route, withSeverity({ labels, severity: worst }), labels);
    return { key: keyOf(route, grouped), route, labels: grouped, extras: index === 0 ? extras : [] };
  });
}

const groupLabels = ({ group_by }: Route, labels: Labels, identity: Labels): Labels =>
  group_by === undefined
    ? // A store gives labels back in another order, and the group's key holds them.
      sorted(identity)
    : Object.fromEntries([...group_by].sort().map((label) => [label, labelOf(labels, label)]));

const keyOf = ({ id }: Route, labels: Labels) =>
  `${id}:{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(", ")}}`;

/** An alert in one of its groups after its news, and what is to be logged of that. */
export interface Joined {
  group: Group;
  member: Member;
  entries: readonly LogEntry[];
}

/** What stands under a group's key: the group, and the alert in it. */
export interface Seat {
  group?: Group | undefined;
  member?: Member | undefined;
}

/** Brings an alert's news to one of its groups, which is looked at when it may tell of them. */
function join(
  { group, member: before }: Seat,
  alert: Alert,
  { key, route, labels, extras }: Placement,
  now: Instant,
): Joined {
  const member = memberFrom(alert, { key, here: true, extras }, before);
  const fires = member.status === "firing";
  const wait_until = now + waitOf(route, member.severity);
  const life: Group =
    group === undefined || !group.open
      ? { key, route_id: route.id, labels, started_at: now, open: true, wait_until, sent: {} }
      : { ...group, wait_until: fires ? Math.min(group.wait_until, wait_until) : group.wait_until };
  const isNew = before?.alert_id !== alert.alert_id;
  const line = (decision: LogEntry["decision"], why: string) => ({ alert_id: alert.alert_id, at: now, decision, why });
  const unaware = isNew
    ? Object.keys(before?.told ?? {}).filter((name) => before?.told[name]?.status === "firing")
    : [];
  const entries = [
    ...(isNew ? [line("matched", `route ${route.id}`), line("grouped", `under ${key}`)] : []),
    ...unaware.map((name) => line("deduplicated", `${name} has not been told of the last end, and knows it as firing`)),
  ];
  return { group: dueFor(life, member, route, now), member, entries };
}

/** The same for a group that tells of nothing but the alert's end. */
function keepPosted(group: Group, before: Member, alert: Alert, route: Route, now: Instant): Joined {
  const member = memberFrom(alert, { key: group.key, here: false, extras: before.extras }, before);
  return { group: dueFor(group, member, route, now), member, entries: [] };
}

function dueFor(group: Group, member: Member, route: Route, now: Instant): Group {
  const news_at = member.lapsed ? now : newsDueAt(group, member, route, now);
  const due_at = earliest([group.due_at, news_at === undefined ? undefined : Math.max(news_at, now)]);
  return due_at === undefined ? group : { ...group, due_at };
}

function memberFrom(
  alert: Alert,
  { key, here, extras }: { key: string; here: boolean; extras: readonly string[] },
  before: Member | undefined,
): Member {
  const { fingerprint, alert_id, labels, severity, deduplication_window_ms, state } = alert;
  const same = before?.alert_id === alert_id;
  const fires = isFiring(alert);
  const acknowledged = state === "acknowledged";
  const risen = acknowledged && rankOf(alert.worst) > rankOf(alert.acknowledged?.severity ?? alert.worst);
  return {
    group_key: key,
    fingerprint,
    alert_id,
    labels,
    annotations: saidOf(alert),
    severity,
    status: fires ? "firing" : "resolved",
    starts_at: alert.fired_at ?? alert.heard.at,
    ...(alert.resolved_at === undefined ? {} : { ends_at: alert.resolved_at }),
    here,
    extras,
    deduplication_window_ms,
    acknowledged,
    ...(risen && { risen }),
    lapsed: same && fires && !acknowledged && (before.acknowledged || before.lapsed),
    told: before?.told ?? {},
    steps: before?.steps,
    quiet: before?.quiet,
  };
}

/** What notifications say of it beside its labels: also what was said by whoever took it on. */
function saidOf({ annotations, runbook_url, state, acknowledged }: Alert): Member["annotations"] {
  const note = state === "acknowledged" ? acknowledged?.note : undefined;
  return {
    ...annotations,
    ...(runbook_url !== undefined && { runbook_url }),
    ...(note !== undefined && { acknowledged: `${acknowledged?.by}: ${note}` }),
  };
}

/** An alert in its groups after something was said of it. */
interface Placed {
  /** With the groups that it stands in. */
  alert: Alert;
  /** Only where something has changed. */
  joined: readonly Joined[];
}

/** The keys of the groups that an alert's news concerns. */
export function concerned(routing: Routing, alert: Alert): string[] {
  const placements = isFiring(alert) ? placementsOf(routing, alert) : [];
  return [...new Set([...placements.map(({ key }) => key), ...alert.groups])];
}

/**
 * Brings an alert's news to all its groups. One that fires joins those it belongs to by now; those it has left, and all of them once it is
 * over, are kept posted.
 * @param seats what stands under the keys that `concerned` names
 */
export function place(routing: Routing, alert: Alert, seats: ReadonlyMap<string, Seat>, now: Instant): Placed {
  const placements = isFiring(alert) ? placementsOf(routing, alert) : [];
  const joined = placements.map((placement) => join(seats.get(placement.key) ?? {}, alert, placement, now));
  const keys = placements.map(({ key }) => key);
  for (const key of alert.groups.filter((each) => !keys.includes(each))) {
    const { group, member } = seats.get(key) ?? {};
    if (group === undefined || member === undefined) continue;
    const route = routing.routes.get(group.route_id) ?? routing.routesOf(group.labels)[0];
    if (route !== undefined) joined.push(keepPosted(group, member, alert, route, now));
  }
  const changed = joined.filter(({ group, member }) => {
    const seat = seats.get(group.key);
    return !same(seat?.group, group) || !same(seat?.member, member);
  });
  return { alert: { ...alert, groups: concerned(routing, alert) }, joined: changed };
}
