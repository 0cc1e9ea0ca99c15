import { durationMs } from "@omoios/contracts/shapes/duration";
import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { entriesOf, type Parts, whole } from "../config/well-formed.ts";
import { parseMatcher } from "./matcher.ts";
import type { RouteConfig, RoutingConfig } from "./routing-config.ts";
import { weeklyTimeFaults } from "./weekly-time.ts";

/** What the parts of a routing owe each other, of those whose form is right. Returns every fault with its path. */
export function checkRouting(config: Parts<RoutingConfig> | undefined): ConfigIssue[] {
  const known: Known = {
    // A list without an entry is a fault already, where there must be one.
    receivers: config?.receivers?.length === 0 ? undefined : namesOf(config?.receivers),
    mute_times: namesOf(config?.mute_times),
    escalations: namesOf(config?.escalations),
  };
  return [
    ...(["receivers", "mute_times", "escalations"] as const).flatMap((list) =>
      duplicates(
        entriesOf(config?.[list]).map(({ entry: { name }, index }) => ({ name, path: [list, index, "name"] })),
      ),
    ),
    ...checkRoute(known, config?.route ?? {}, ["route"]),
    ...entriesOf(config?.inhibit_rules).flatMap(({ entry: { source_matchers, target_matchers }, index }) => [
      ...matcherFaults(source_matchers, ["inhibit_rules", index, "source_matchers"]),
      ...matcherFaults(target_matchers, ["inhibit_rules", index, "target_matchers"]),
    ]),
    ...entriesOf(config?.mute_times).flatMap(({ entry: { times }, index }) =>
      entriesOf(times).flatMap(({ entry: time, index: place }) =>
        weeklyTimeFaults(time, ["mute_times", index, "times", place]),
      ),
    ),
    ...entriesOf(config?.escalations).flatMap(({ entry, index }) =>
      checkEscalation(known, entry, ["escalations", index]),
    ),
  ];
}

/** What is wrong with matchers, each at its place below `path`. */
export function matcherFaults(matchers: Parts<string[]> | undefined, path: ConfigPath): ConfigIssue[] {
  return entriesOf(matchers).flatMap(({ entry: text, index }) => {
    const read = parseMatcher(text);
    return read.ok ? [] : [{ path: [...path, index], message: `${text} ${read.fault}` }];
  });
}

/** The names that others may refer to; absent where one of them is missing, since it might be the one that is looked for. */
interface Known {
  receivers: string[] | undefined;
  mute_times: string[] | undefined;
  escalations: string[] | undefined;
}

const namesOf = (list: readonly ({ name?: string | undefined } | undefined)[] | undefined) =>
  whole(list?.map((entry) => entry?.name));

/** What a route says, and those under it. */
function checkRoute(known: Known, route: Parts<RouteConfig>, path: ConfigPath): ConfigIssue[] {
  const { receiver, escalation, group_by = [], mute_times, matchers, routes } = route;
  const alone = group_by.includes("...") && group_by.length > 1;
  return [
    ...matcherFaults(matchers, [...path, "matchers"]),
    ...unknownName("receiver", receiver, known.receivers, [...path, "receiver"]),
    ...unknownName("escalation", escalation, known.escalations, [...path, "escalation"]),
    ...entriesOf(mute_times).flatMap(({ entry: name, index }) =>
      unknownName("mute time", name, known.mute_times, [...path, "mute_times", index]),
    ),
    ...(alone ? [{ path: [...path, "group_by"], message: "`...` leaves each alert by itself: it stands alone" }] : []),
    ...entriesOf(routes).flatMap(({ entry, index }) => checkRoute(known, entry, [...path, "routes", index])),
  ];
}

function checkEscalation(
  { receivers }: Known,
  { steps, loops }: Parts<RoutingConfig["escalations"][number]>,
  path: ConfigPath,
): ConfigIssue[] {
  const nobody = entriesOf(steps).flatMap(({ entry: { receiver }, index }) =>
    unknownName("receiver", receiver, receivers, [...path, "steps", index, "receiver"]),
  );
  const early = entriesOf(steps).flatMap(({ entry: { after }, index }) => {
    const before = steps?.[index - 1]?.after;
    if (after === undefined || before === undefined || durationMs(after) >= durationMs(before)) return [];
    const message = `is before the step above: each counts from the first notification`;
    return [{ path: [...path, "steps", index, "after"], message }];
  });
  const times = steps?.length ? whole(steps.map((step) => step?.after)) : undefined;
  const instant = loops !== undefined && loops > 1 && times?.every((after) => durationMs(after) === 0);
  const message = "go round without a pause: let the last step come after some time";
  return [...nobody, ...early, ...(instant ? [{ path: [...path, "loops"], message }] : [])];
}
