import { durationMs } from "@omoios/contracts/shapes/duration";
import { below, ownRouting } from "@omoios/domain/alerting/own-routing";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { ALERTING_EVENTS } from "@omoios/domain/alerting/sources/plane-event";
import { unknownName } from "@omoios/domain/config/names";
import type { ConfigIssue, ConfigPath } from "@omoios/domain/config/positions";
import { SWEEP_LATE } from "@omoios/domain/watchdog/sweep-beats";
import { beginsAt, faultSpan } from "./faults-of.ts";
import type { Entry, GameDayFile } from "./game-day-shape.ts";
import { checkHistory } from "./history.ts";

/** What a game day may name of the plane's configuration. */
export interface Known {
  /** The routing where the file has none. */
  routing: RoutingConfig | undefined;
  rules: readonly string[];
  policies: readonly string[];
  /** What of it cannot be done where it would be run. */
  refuse?: ((file: GameDayFile) => ConfigIssue[]) | undefined;
}

/** What the alerts of `alert_storm` are called. */
export const STORM = "storm";

/** What the parts of a game day's file owe each other. */
export function checkGameDay(file: GameDayFile, known: Known): ConfigIssue[] {
  const routing = ownRouting(file.routing, known.routing);
  const receivers = routing.config?.receivers.map(({ name }) => name);
  const alerts = [...known.rules, ...ALERTING_EVENTS.map((type) => type.replaceAll(".", "_")), SWEEP_LATE, STORM];
  return [
    ...routing.issues,
    ...checkHistory(file.history),
    ...file.timeline.flatMap((entry, index) => checkEntry(entry, file, ["timeline", index], { receivers, alerts })),
    ...checkEnd(file),
    ...checkExpectations(file, { receivers, alerts, policies: known.policies }),
    ...(known.refuse?.(file) ?? []),
  ];
}

interface Names {
  receivers: readonly string[] | undefined;
  alerts: readonly string[];
}

function checkEntry(entry: Entry, file: GameDayFile, path: ConfigPath, { receivers, alerts }: Names): ConfigIssue[] {
  switch (entry.do) {
    case "kill_agent":
    case "mute_agent":
      return checkNumbers(entry, file, path);
    case "receiver_answers":
      return unknownName("receiver", entry.receiver, receivers, [...path, "receiver"]);
    case "acknowledge":
      return unknownName("alert", entry.alert, alerts, [...path, "alert"]);
    default:
      return [];
  }
}

/** Agents are known by their number once they were started. */
function checkNumbers(
  entry: Extract<Entry, { do: "kill_agent" | "mute_agent" }>,
  { timeline }: GameDayFile,
  path: ConfigPath,
): ConfigIssue[] {
  const started = timeline
    .filter((other) => other.do === "start_agents" && beginsAt(other) <= beginsAt(entry))
    .reduce((sum, other) => sum + (other.do === "start_agents" ? other.count : 0), 0);
  if (started === 0) return [{ path, message: "comes before any agent is started" }];
  const numbers = entry.which === "all" ? [] : [entry.which].flat();
  return numbers
    .filter((number) => number > started)
    .map((number) => ({ path: [...path, "which"], message: `names agent ${number}; by then ${started} are started` }));
}

function checkEnd({ timeline, until }: GameDayFile): ConfigIssue[] {
  const last = Math.max(...timeline.map(beginsAt));
  if (until === undefined || durationMs(until) > last) return [];
  return [{ path: ["until"], message: "comes before the last entry of the timeline" }];
}

function checkExpectations(
  { expect, timeline }: GameDayFile,
  { receivers, alerts, policies }: Names & Pick<Known, "policies">,
): ConfigIssue[] {
  return expect.flatMap((one, index): ConfigIssue[] => {
    const path = ["expect", index];
    if ("alert" in one) return unknownName("alert", one.alert, alerts, [...path, "alert"]);
    if ("remediation" in one) return unknownName("policy", one.remediation, policies, [...path, "remediation"]);
    if ("notifications" in one) {
      const named = Object.keys(one.notifications).filter((name) => name !== "resolved");
      return named.flatMap((name) => unknownName("receiver", name, receivers, [...path, "notifications", name]));
    }
    if ("task" in one && faultSpan(timeline) === undefined)
      return below(path, [{ path: ["task"], message: "no agent is killed or muted, so that no task changes hands" }]);
    return [];
  });
}
