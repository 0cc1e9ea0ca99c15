import { type WatchRouteName, watchRoutes } from "@omoios/contracts/routes";
import { needsReplay, type Route } from "@omoios/contracts/routes/route";
import type { ReplayedRoute, Replays, Verbs } from "./verbs.ts";

type Watch<T> = Pick<T, WatchRouteName & keyof T>;
type Act = (...given: unknown[]) => Promise<unknown>;
const rows = Object.entries(watchRoutes) as [WatchRouteName, Route][];

/** Verbs of rooms that are opened when one of their routes is first called. */
export function laterVerbs(open: () => Promise<Watch<Verbs>>): Watch<Verbs> {
  const names = rows.map(([name]) => name);
  return later(names, open) as unknown as Watch<Verbs>;
}

/** As `laterVerbs`, for what repeated requests read again. */
export function laterReplays(open: () => Promise<Watch<Replays>>): Watch<Replays> {
  const names = rows.filter(([, row]) => needsReplay(row)).map(([name]) => name);
  return later(names as (WatchRouteName & ReplayedRoute)[], open) as unknown as Watch<Replays>;
}

// Which name goes with which parameters is what the types above say; here all are alike.
function later<N extends string>(names: readonly N[], open: () => Promise<{ readonly [K in N]: unknown }>) {
  const call =
    (name: N): Act =>
    async (...given) =>
      ((await open())[name] as Act)(...given);
  return Object.fromEntries(names.map((name) => [name, call(name)]));
}
