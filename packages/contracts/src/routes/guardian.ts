import * as z from "zod";
import { reason } from "../shapes/common.ts";
import { intervene, listInterventions } from "../shapes/guardian.ts";
import { INTERVENTION, table } from "./route.ts";

const reads = { tag: "guardian", who: ["operator"], scope: "guardian:read", method: "GET", status: 200 } as const;
const acts = { tag: "guardian", who: ["operator"], scope: "guardian:act", authority: "GUARDIAN" } as const;
const POLICY = { policy: { kind: "guardianPolicy", missing: "policy.not_found" } } as const;
const switches = {
  ...acts,
  method: "POST",
  body: () => z.strictObject({ reason }),
  status: 200,
  idempotent: true,
} as const;

export const guardianRoutes = table({
  intervene: {
    ...acts,
    method: "POST",
    path: "/guardian/actions",
    summary:
      "Intervene: cancel a task, override its priority, move capacity between agents, quarantine or release one, pause or resume a lane. At most ten a minute",
    params: {},
    body: intervene,
    status: 201,
    problems: [
      "guardian.action_limit",
      "guardian.nothing_to_change",
      "task.not_found",
      "task.terminal",
      "agent.not_found",
      "agent.ended",
      "agent.status_refused",
      "agent.capacity_refused",
      "lane.not_found",
      "lane.too_many_paused",
    ],
    idempotent: true,
  },
  listInterventions: {
    ...reads,
    path: "/guardian/actions",
    summary: "List the guardian's actions, newest first. A page may hold fewer than `limit` while a cursor follows",
    params: {},
    query: listInterventions,
    problems: ["request.cursor_invalid"],
  },
  getIntervention: {
    ...reads,
    path: "/guardian/actions/{action_id}",
    summary: "Read one of the guardian's actions, with what it changed",
    params: INTERVENTION,
    problems: [],
  },
  revertIntervention: {
    ...acts,
    method: "POST",
    path: "/guardian/actions/{action_id}/revert",
    summary: "Restore what an action changed, once, unless it has changed since",
    params: INTERVENTION,
    body: () => z.strictObject({ reason }),
    status: 200,
    problems: [
      "guardian.already_reverted",
      "guardian.nothing_to_change",
      "guardian.changed_since",
      "task.not_found",
      "ticket.closed",
      "agent.not_found",
      "agent.ended",
      "agent.status_refused",
      "lane.too_many_paused",
    ],
    idempotent: true,
  },
  listGuardianPolicies: {
    ...reads,
    path: "/guardian/policies",
    summary: "What the guardian does by itself: triggers, actions, and when they are taken back",
    params: {},
    problems: [],
  },
  disableGuardianPolicy: {
    ...switches,
    path: "/guardian/policies/{policy}/disable",
    summary: "Take a policy out of force: what triggers it is kept as refused. What it did is taken back in its time",
    params: POLICY,
    problems: ["auth.authority_too_low"],
  },
  enableGuardianPolicy: {
    ...switches,
    path: "/guardian/policies/{policy}/enable",
    summary: "Put a policy back into force that was switched off",
    params: POLICY,
    problems: ["auth.authority_too_low", "policy.disabled_in_file"],
  },
  pauseGuardian: {
    ...switches,
    path: "/guardian/pause",
    summary: "Take all policies of the guardian out of force. People intervene as ever",
    params: {},
    problems: ["auth.authority_too_low"],
  },
  resumeGuardian: {
    ...switches,
    path: "/guardian/resume",
    summary: "Put the guardian's policies back into force, but those that are switched off by themselves",
    params: {},
    problems: ["auth.authority_too_low"],
  },
});
