import type { RouteReply } from "@omoios/contracts/routes";
import { type Labels, severity as severityWord } from "@omoios/contracts/shapes/alert";
import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import { placementsOf } from "./placement.ts";
import type { Route, Routing } from "./routing.ts";

type Shown = RouteReply<"getAlertRouting">;

/**
 * The routing in force, and which of it an alert takes.
 * @param labels of the alert, where one is asked for: `severity` among them, or else that of its rule
 * @param rule the one that makes such alerts, whose receivers are told as well
 */
export function shownRouting(
  routing: Routing,
  labels: Labels | undefined,
  rule: Pick<AlertRule, "severity" | "routing"> | undefined,
): Shown {
  return {
    routes: [...routing.routes.values()].map(routeView),
    receivers: [...routing.receivers.keys()],
    taken: labels === undefined ? null : takenBy(routing, labels, rule),
  };
}

function takenBy(
  routing: Routing,
  { severity: said, ...labels }: Labels,
  rule: Pick<AlertRule, "severity" | "routing"> | undefined,
): NonNullable<Shown["taken"]> {
  const worst = severityWord.safeParse(said).data ?? rule?.severity ?? "warning";
  const placements = placementsOf(routing, { labels, worst, routing: rule?.routing ?? [] });
  return placements.map(({ route, labels: group_labels, extras }) => ({
    route: route.id,
    receivers: [route.escalation?.steps[0]?.receiver ?? route.receiver, ...extras],
    group_labels,
  }));
}

function routeView(route: Route): Shown["routes"][number] {
  return {
    id: route.id,
    parent: route.parent ?? null,
    matchers: [...route.matchers],
    continue: route.continues,
    receiver: route.receiver,
    escalation:
      route.escalation === undefined
        ? null
        : {
            steps: route.escalation.steps.map(({ after_ms, receiver }) => ({
              after_seconds: after_ms / 1_000,
              receiver,
            })),
            loops: route.escalation.loops,
          },
    group_by: route.group_by === undefined ? null : [...route.group_by],
    group_wait_seconds: route.group_wait_ms / 1_000,
    group_interval_seconds: route.group_interval_ms / 1_000,
    repeat_interval_seconds: route.repeat_interval_ms / 1_000,
    mute_times: route.mute_times.length,
  };
}
