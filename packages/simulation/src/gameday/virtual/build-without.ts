import type { Configuration } from "@omoios/app/configuration";
import type { RouteConfig, RoutingConfig } from "@omoios/domain/alerting/routing-config";
import type { WithoutPart } from "../without.ts";

interface Build {
  plane: Configuration;
  /** Whether the plane's events make alerts. */
  hears_events: boolean;
}

/** The plane's configuration without a part of it. */
export function buildWithout(part: WithoutPart | undefined, plane: Configuration): Build {
  switch (part) {
    case undefined:
    case "faults":
      return { plane, hears_events: true };
    case "deduplication":
      return { plane: { ...plane, alert_routing: repeating(plane.alert_routing) }, hears_events: true };
    case "watchdog":
      return { plane: { ...plane, watchdog_policies: [] }, hears_events: true };
    case "rules":
      return { plane: { ...plane, alert_rules: { written: [], faults: [] } }, hears_events: false };
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
