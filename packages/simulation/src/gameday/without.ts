import type { Configuration } from "@omoios/app/configuration";
import type { RouteConfig, RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { captured } from "../wire/receivers.ts";
import { isFault } from "./faults-of.ts";
import type { GameDay } from "./game-day-file.ts";

/**
 * What a game day can be run without, to see that it notices: `deduplication`, so that what has not changed is told again each 20 s;
 * `watchdog`, so that nothing is repaired; `rules`, so that neither samples nor events make alerts; `faults`, so that nothing goes wrong,
 * and nobody may be told of anything.
 */
export const WITHOUT_PARTS = ["deduplication", "watchdog", "rules", "faults"] as const;
export type WithoutPart = (typeof WITHOUT_PARTS)[number];

interface Played {
  day: GameDay;
  /** The plane's configuration, with the game day's routing and its receivers captured. */
  plane: Configuration;
  hears_events: boolean;
}

export function without(part: WithoutPart | undefined, day: GameDay, configuration: Configuration): Played {
  const plane: Configuration = { ...configuration, alert_routing: captured(day.routing) };
  switch (part) {
    case undefined:
      return { day, plane, hears_events: true };
    case "deduplication":
      return { day, plane: { ...plane, alert_routing: repeating(plane.alert_routing) }, hears_events: true };
    case "watchdog":
      return { day, plane: { ...plane, watchdog_policies: [] }, hears_events: true };
    case "rules":
      return { day, plane: { ...plane, alert_rules: { written: [], faults: [] } }, hears_events: false };
    case "faults":
      return {
        day: { ...day, timeline: day.timeline.filter((entry) => !isFault(entry) && entry.do !== "acknowledge") },
        plane,
        hears_events: true,
      };
  }
}

const AT_ONCE_AGAIN = { group_interval: "20s", repeat_interval: "20s" };

const repeating = (routing: RoutingConfig): RoutingConfig => {
  const repeated = (route: RouteConfig): RouteConfig => ({
    ...route,
    ...AT_ONCE_AGAIN,
    ...(route.routes === undefined ? {} : { routes: route.routes.map(repeated) }),
  });
  const { route } = routing;
  return {
    ...routing,
    route: { ...route, ...AT_ONCE_AGAIN, ...(route.routes && { routes: route.routes.map(repeated) }) },
  };
};
