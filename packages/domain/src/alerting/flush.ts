import type { Instant } from "@omoios/kernel/clock";
import { advance, nextStepAt } from "./escalation.ts";
import { earliest, isUntold, newsDueAt, targetsOf } from "./gates.ts";
import type { Group, Member } from "./group.ts";
import type { LogEntry } from "./log.ts";
import type { Notice } from "./notice.ts";
import { judgeQuiet, quietDueAt, type Surroundings } from "./quiet.ts";
import type { Route } from "./routing.ts";
import { tell, wants } from "./tell.ts";

/** A group after a look at it. */
export interface Flushed {
  group: Group;
  /** All members that stay; those that changed are other objects than before. */
  members: readonly Member[];
  /** Fingerprints of members of which nothing needs to be known any more. */
  gone: readonly string[];
  notices: readonly Notice[];
  entries: readonly LogEntry[];
  /** Fingerprints of alerts whose route the configuration has lost: they are placed anew. */
  homeless: readonly string[];
}

export interface World extends Surroundings {
  external_url: string;
}

/**
 * Looks at a group: who is told what of it now, and when it must be looked at again. A second look at the same moment changes nothing.
 */
export function flush(group: Group, members: readonly Member[], world: World, now: Instant): Flushed {
  const route = world.routing.routes.get(group.route_id);
  if (route === undefined) return flushLost(group, members, world, now);
  const entries: LogEntry[] = [];
  const forced = new Map<string, "escalated" | "lapsed">();
  const judged = members.map((before) => {
    const quiet = judgeQuiet(before, route, world, now);
    entries.push(...quiet.entries);
    const { member } = quiet;
    if (member.status === "resolved") return member.steps === undefined && !member.lapsed ? member : rested(member);
    if (!member.here || member.quiet !== undefined) return member;
    const step = advance(group, member, route, now);
    entries.push(...step.entries);
    for (const receiver of step.receivers) forced.set(receiver, member.lapsed ? "lapsed" : "escalated");
    return step.member;
  });
  return settle(tellAll({ group, members: judged, route, world, forced, now, entries }), route, world, now);
}

/** What is over climbs no further. */
const rested = (member: Member): Member => ({ ...member, steps: undefined, lapsed: false });

interface AllTold {
  group: Group;
  members: readonly Member[];
  notices: readonly Notice[];
  entries: readonly LogEntry[];
}

interface Round extends Omit<AllTold, "notices"> {
  route: Route;
  world: World;
  forced: ReadonlyMap<string, "escalated" | "lapsed">;
  now: Instant;
}

function tellAll({ group, members, route, world, forced, now, entries }: Round): AllTold {
  const names = new Set(members.flatMap((member) => [...targetsOf(member, route), ...Object.keys(member.told)]));
  let told: AllTold = { group, members, notices: [], entries };
  for (const name of names) {
    const receiver = world.routing.receivers.get(name);
    // Whom the configuration names no more is told nothing more.
    if (receiver === undefined) continue;
    const { group: one, members: all } = told;
    const { external_url } = world;
    const next = tell({ group: one, members: all, route, receiver, forced: forced.get(name), now, external_url });
    const notices = next.notice === undefined ? told.notices : [...told.notices, next.notice];
    told = { group: next.group, members: next.members, notices, entries: [...told.entries, ...next.entries] };
  }
  return told;
}

/** When the group is looked at next, whether its life goes on, and what may be forgotten. */
function settle({ group, members, notices, entries }: AllTold, route: Route, world: World, now: Instant): Flushed {
  const due_at = earliest(members.map((member) => memberDueAt(group, member, route, world, now)));
  const open = due_at !== undefined || members.some(({ status }) => status === "firing");
  const stay = members.filter((member) => !isForgotten(member, world, now));
  const staying = new Set(stay);
  const { due_at: _, ...rest } = group;
  return {
    group: { ...rest, open, ...(due_at === undefined ? {} : { due_at }) },
    members: stay,
    gone: members.filter((member) => !staying.has(member)).map(({ fingerprint }) => fingerprint),
    notices,
    entries,
    homeless: [],
  };
}

function memberDueAt(group: Group, member: Member, route: Route, world: World, now: Instant): Instant | undefined {
  const known = knownReceivers(member, world);
  if (member.status === "resolved") return newsDueAt(group, known, route, now);
  if (!member.here) return undefined;
  if (member.quiet !== undefined) return quietDueAt(member, route, world, now);
  const repeats = targetsOf(member, route).map((receiver) => {
    const last = group.sent[receiver];
    return last && wants(member, route, receiver) ? last.at + route.repeat_interval_ms : undefined;
  });
  return earliest([newsDueAt(group, known, route, now), nextStepAt(group, member, route), ...repeats]);
}

/** Without those whom the configuration names no more: nothing waits for them. */
function knownReceivers(member: Member, { routing }: World): Member {
  const told = Object.entries(member.told).filter(([receiver]) => routing.receivers.has(receiver));
  return { ...member, told: Object.fromEntries(told) };
}

/** It is over, everybody knows, and no window could hold back a next time. */
function isForgotten(member: Member, world: World, now: Instant): boolean {
  if (member.status === "firing") return false;
  const told = Object.entries(member.told).filter(([receiver]) => world.routing.receivers.has(receiver));
  return told.every(
    ([receiver, { fired_at }]) => isUntold(member, receiver) && fired_at + member.deduplication_window_ms <= now,
  );
}

/** A group whose route is gone: those who were told hear of the end, all else is placed anew. */
function flushLost(group: Group, members: readonly Member[], world: World, now: Instant): Flushed {
  const route = world.routing.routesOf(group.labels)[0];
  if (route === undefined) throw new Error("A routing has a root");
  const left = members.map((member) => (member.here ? { ...member, here: false, quiet: undefined } : member));
  const homeless = members
    .filter(({ here, status }) => here && status === "firing")
    .map(({ fingerprint }) => fingerprint);
  const told = tellAll({ group, members: left, route, world, forced: new Map(), now, entries: [] });
  return { ...settle(told, route, world, now), homeless };
}
