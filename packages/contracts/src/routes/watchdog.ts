import { listRemediations, startRemediation } from "../shapes/watchdog.ts";
import { REMEDIATION, table } from "./route.ts";

const reads = { tag: "watchdog", who: ["operator"], scope: "alerts:read", status: 200 } as const;

export const watchdogRoutes = table({
  listWatchdogPolicies: {
    ...reads,
    method: "GET",
    path: "/watchdog/policies",
    summary: "The policies of the watchdog as they are in force",
    params: {},
    problems: [],
  },
  listWatchdogActions: {
    ...reads,
    method: "GET",
    path: "/watchdog/actions",
    summary: "What the watchdog did and does: remediations under way, then those that ended, newest first",
    params: {},
    query: listRemediations,
    problems: ["request.cursor_invalid"],
  },
  getWatchdogAction: {
    ...reads,
    method: "GET",
    path: "/watchdog/actions/{remediation_id}",
    summary: "Read one remediation with its steps",
    params: REMEDIATION,
    problems: [],
  },
  startWatchdogAction: {
    method: "POST",
    path: "/watchdog/actions",
    summary:
      "Have the watchdog do one thing, with the authority of whoever asks: MONITOR for what ends or restarts agents",
    tag: "watchdog",
    who: ["operator"],
    scope: "alerts:write",
    authority: "WATCHDOG",
    params: {},
    body: startRemediation,
    status: 201,
    problems: ["agent.not_found", "auth.authority_too_low", "watchdog.target_busy", "watchdog.action_refused"],
    idempotent: true,
  },
  getWatchdogStatus: {
    ...reads,
    method: "GET",
    path: "/watchdog/status",
    summary: "How many policies and remediations there are, and when each part of the sweep last ran through",
    params: {},
    problems: [],
  },
});
