import type { Watchdog } from "@omoios/domain/watchdog/service";
import type { Replays, Verbs } from "../verbs.ts";
import { switching } from "./switching.ts";

type WatchdogRoutes =
  | "listWatchdogPolicies"
  | "listWatchdogActions"
  | "getWatchdogAction"
  | "startWatchdogAction"
  | "stopWatchdogAction"
  | "disableWatchdogPolicy"
  | "enableWatchdogPolicy"
  | "pauseWatchdog"
  | "resumeWatchdog"
  | "getWatchdogStatus";

/** What answers the routes of the watchdog. */
export function watchdogVerbs(watchdog: Watchdog): Pick<Verbs, WatchdogRoutes> {
  const { policy, all } = switching(watchdog);
  return {
    listWatchdogPolicies: () => watchdog.policies(),
    listWatchdogActions: async (_ctx, { query }) => watchdog.list(query),
    getWatchdogAction: async (_ctx, { params }) => watchdog.get(params.remediation_id),
    startWatchdogAction: async (ctx, { body }) => watchdog.byHand(ctx, body),
    stopWatchdogAction: (ctx, { params, body }) => watchdog.stop(ctx, params.remediation_id, body.reason),
    disableWatchdogPolicy: policy(false),
    enableWatchdogPolicy: policy(true),
    pauseWatchdog: all(false),
    resumeWatchdog: all(true),
    getWatchdogStatus: async (ctx) => watchdog.status(ctx.now),
  };
}

/** What a repeated request reads again. */
export function watchdogReplays(watchdog: Watchdog) {
  return {
    startWatchdogAction: (_ctx, made) => watchdog.get(made),
    stopWatchdogAction: (_ctx, made) => watchdog.get(made),
    disableWatchdogPolicy: (_ctx, made) => watchdog.policy(made),
    enableWatchdogPolicy: (_ctx, made) => watchdog.policy(made),
    pauseWatchdog: () => watchdog.switchedOff(),
    resumeWatchdog: () => watchdog.switchedOff(),
  } satisfies Partial<Replays>;
}
