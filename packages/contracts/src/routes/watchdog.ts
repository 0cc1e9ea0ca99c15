import * as z from "zod";
import { reason } from "../shapes/common.ts";
import { listRemediations, startRemediation } from "../shapes/watchdog.ts";
import { REMEDIATION, table } from "./route.ts";

const reads = { tag: "watchdog", who: ["operator"], scope: "alerts:read", status: 200 } as const;
const POLICY = { policy: { kind: "watchdogPolicy", missing: "policy.not_found" } } as const;
const switches = {
  tag: "watchdog",
  who: ["operator"],
  scope: "alerts:write",
  authority: "GUARDIAN",
  method: "POST",
  body: () => z.strictObject({ reason }),
  status: 200,
  idempotent: true,
} as const;

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
  stopWatchdogAction: {
    method: "POST",
    path: "/watchdog/actions/{remediation_id}/stop",
    summary: "Stop a remediation under way: none of its next steps is taken. What a step has done stays done",
    tag: "watchdog",
    who: ["operator"],
    scope: "alerts:write",
    authority: "MONITOR",
    params: REMEDIATION,
    body: () => z.strictObject({ reason }),
    status: 200,
    problems: ["auth.authority_too_low", "remediation.ended"],
    idempotent: true,
  },
  disableWatchdogPolicy: {
    ...switches,
    path: "/watchdog/policies/{policy}/disable",
    summary: "Take a policy out of force: what triggers it is kept as not acted on, and what it has begun is stopped",
    params: POLICY,
    problems: ["auth.authority_too_low"],
  },
  enableWatchdogPolicy: {
    ...switches,
    path: "/watchdog/policies/{policy}/enable",
    summary: "Put a policy back into force that was switched off",
    params: POLICY,
    problems: ["auth.authority_too_low", "policy.disabled_in_file"],
  },
  pauseWatchdog: {
    ...switches,
    path: "/watchdog/pause",
    summary:
      "Take all policies of the watchdog out of force. What is asked for by hand is done, and the sweep is watched",
    params: {},
    problems: ["auth.authority_too_low"],
  },
  resumeWatchdog: {
    ...switches,
    path: "/watchdog/resume",
    summary: "Put the watchdog's policies back into force, but those that are switched off by themselves",
    params: {},
    problems: ["auth.authority_too_low"],
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
