import { durationMs } from "@omoios/contracts/shapes/duration";
import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { parseMatcher } from "./matcher.ts";
import type { RouteConfig, RoutingConfig } from "./routing-config.ts";
import { weeklyTimeFaults } from "./weekly-time.ts";

/** What the parts of a routing owe each other. Returns every fault with its path. */
export function checkRouting(config: RoutingConfig): ConfigIssue[] {
  const { route, inhibit_rules, mute_times, escalations } = config;
  return [
    ...(["receivers", "mute_times", "escalations"] as const).flatMap((list) =>
      duplicates(config[list].map(({ name }, index) => ({ name, path: [list, index, "name"] }))),
    ),
    ...checkOptions(config, route, ["route"]),
    ...(route.routes ?? []).flatMap((child, index) => checkRoute(config, child, ["route", "routes", index])),
    ...inhibit_rules.flatMap(({ source_matchers, target_matchers }, index) => [
      ...matcherFaults(source_matchers, ["inhibit_rules", index, "source_matchers"]),
      ...matcherFaults(target_matchers, ["inhibit_rules", index, "target_matchers"]),
    ]),
    ...mute_times.flatMap(({ times }, index) =>
      times.flatMap((time, place) => weeklyTimeFaults(time, ["mute_times", index, "times", place])),
    ),
    ...escalations.flatMap((escalation, index) => checkEscalation(config, escalation, ["escalations", index])),
  ];
}

/** What is wrong with matchers, each at its place below `path`. */
export function matcherFaults(matchers: readonly string[], path: ConfigPath): ConfigIssue[] {
  return matchers.flatMap((text, index) => {
    const read = parseMatcher(text);
    return read.ok ? [] : [{ path: [...path, index], message: `${text} ${read.fault}` }];
  });
}

function checkRoute(config: RoutingConfig, route: RouteConfig, path: ConfigPath): ConfigIssue[] {
  return [
    ...matcherFaults(route.matchers, [...path, "matchers"]),
    ...checkOptions(config, route, path),
    ...(route.routes ?? []).flatMap((child, index) => checkRoute(config, child, [...path, "routes", index])),
  ];
}

function checkOptions(
  { receivers, escalations, mute_times }: RoutingConfig,
  { receiver, escalation, group_by = [], mute_times: muted = [] }: Omit<RouteConfig, "matchers" | "continue">,
  path: ConfigPath,
): ConfigIssue[] {
  const alone = group_by.includes("...") && group_by.length > 1;
  return [
    ...(receiver === undefined ? [] : unknownName("receiver", receiver, names(receivers), [...path, "receiver"])),
    ...(escalation === undefined
      ? []
      : unknownName("escalation", escalation, names(escalations), [...path, "escalation"])),
    ...muted.flatMap((name, index) =>
      unknownName("mute time", name, names(mute_times), [...path, "mute_times", index]),
    ),
    ...(alone ? [{ path: [...path, "group_by"], message: "`...` leaves each alert by itself: it stands alone" }] : []),
  ];
}

function checkEscalation(
  { receivers }: RoutingConfig,
  { steps, loops }: RoutingConfig["escalations"][number],
  path: ConfigPath,
): ConfigIssue[] {
  const unknown = steps.flatMap(({ receiver }, index) =>
    unknownName("receiver", receiver, names(receivers), [...path, "steps", index, "receiver"]),
  );
  const early = steps.flatMap(({ after }, index) => {
    const before = steps[index - 1];
    if (before === undefined || durationMs(after) >= durationMs(before.after)) return [];
    const message = `is before the step above: each counts from the first notification`;
    return [{ path: [...path, "steps", index, "after"], message }];
  });
  const instant = loops > 1 && steps.every(({ after }) => durationMs(after) === 0);
  const message = "go round without a pause: let the last step come after some time";
  return [...unknown, ...early, ...(instant ? [{ path: [...path, "loops"], message }] : [])];
}

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
