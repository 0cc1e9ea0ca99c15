import type { Watchdog } from "@omoios/domain/watchdog/service";
import type { Replays, Verbs } from "../verbs.ts";

type WatchdogRoutes =
  | "listWatchdogPolicies"
  | "listWatchdogActions"
  | "getWatchdogAction"
  | "startWatchdogAction"
  | "getWatchdogStatus";

/** What answers the routes of the watchdog. */
export function watchdogVerbs(watchdog: Watchdog): Pick<Verbs, WatchdogRoutes> {
  return {
    listWatchdogPolicies: async () => watchdog.policies(),
    listWatchdogActions: async (_ctx, { query }) => watchdog.list(query),
    getWatchdogAction: async (_ctx, { params }) => watchdog.get(params.remediation_id),
    startWatchdogAction: async (ctx, { body }) => watchdog.byHand(ctx, body),
    getWatchdogStatus: async (ctx) => watchdog.status(ctx.now),
  };
}

/** What a repeated request reads again. */
export function watchdogReplays(watchdog: Watchdog) {
  return { startWatchdogAction: (_ctx, made) => watchdog.get(made) } satisfies Partial<Replays>;
}
