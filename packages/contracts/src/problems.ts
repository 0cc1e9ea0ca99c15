export interface ProblemRow {
  status: number;
  title: string;
  /** Whether the same call can succeed later. A consumer acknowledges `never` and lets `later` come again. */
  retry: "never" | "later";
  /** What the caller does about it. */
  remedy: string;
}

const row = (status: number, title: string, remedy: string, retry: ProblemRow["retry"] = "never"): ProblemRow => ({
  status,
  title,
  retry,
  remedy,
});

/** Every problem that the plane answers with, by its stable code. `type` links to its part of `/docs`. */
export const problems = {
  "request.bad_json": row(400, "The body is not JSON", "Send a JSON object with Content-Type application/json."),
  "request.too_large": row(413, "The body is too large", "Send less at once, or hand in a url instead of content."),
  "request.invalid": row(422, "The input has faults", "Mend each fault that `errors` names."),
  "request.cursor_invalid": row(422, "The cursor does not belong to this list", "Start again without a cursor."),
  "request.precondition_failed": row(
    412,
    "The thing has changed since you read it",
    "Read it again and repeat with its new ETag.",
  ),
  "route.not_found": row(404, "There is no such route", "See /docs for the routes."),
  "route.method_not_allowed": row(405, "The route has no such method", "Use one of `allowed`."),
  "auth.missing": row(401, "No key or token was sent", "Send Authorization: Bearer …"),
  "auth.invalid": row(401, "The key or token is not valid", "Use a living key, or buy a new access token."),
  "agent.clock": row(401, "The assertion's time is off", "Sign again with the offset to `server_time`."),
  "auth.forbidden": row(
    403,
    "The principal may not do this",
    "Use a key with the scope that `scope` names. Where another kind of principal is wanted, `detail` and this answer's `remedy` say which.",
  ),
  "auth.key_used_up": row(403, "The registration key has no use left", "Ask an operator for another one."),
  "auth.authority_too_low": row(403, "The principal's authority is too low", "Use a key with the authority named."),
  "rate.limited": row(429, "The principal calls too often", "Wait as long as Retry-After says.", "later"),
  "idempotency.key_reused": row(409, "The idempotency key was used for another request", "Use a new key."),
  "idempotency.in_progress": row(
    409,
    "The first request with this key still runs",
    "Ask again after retry_after_ms.",
    "later",
  ),
  "idempotency.secret_gone": row(
    409,
    "The answer held a secret and is not repeated",
    "Revoke what was made and make a new one.",
  ),
  "conflict.busy": row(409, "Others changed the same thing at the same time", "Repeat the call.", "later"),
  "plane.unavailable": row(
    503,
    "A service behind the plane does not answer",
    "Repeat the call after a moment.",
    "later",
  ),
  internal: row(500, "Something broke on our side", "Repeat the call; quote request_id if it stays.", "later"),

  "workflow.not_found": row(404, "There is no such workflow", "Use one of those that GET /workflows lists."),
  "ticket.not_found": row(404, "There is no such ticket", "Check the id."),
  "artifact.not_found": row(
    404,
    "The ticket has no such artifact, or not in this revision",
    "Use one of those that GET /tickets/{id}/artifacts lists.",
  ),
  "ticket.closed": row(409, "The ticket is done or cancelled", "Open a new ticket."),
  "ticket.transition_refused": row(
    409,
    "The ticket may not go there now",
    "Go to one of `allowed`, or mend what `blocking_reasons` name.",
  ),
  "ticket.workflow_unknown": row(422, "There is no such workflow", "Use one of `allowed`."),
  "ticket.workflow_gone": row(
    409,
    "The ticket's workflow, or its phase in it, is configured no more",
    "Put it back into config/workflows and start or deploy again; the ticket then goes on. Or cancel the ticket.",
  ),
  "ticket.phase_unknown": row(422, "The workflow has no such phase", "Use one of `allowed`."),
  "ticket.other_phase": row(
    409,
    "The ticket stands in another phase",
    "Leave the phase out, or name the one in `allowed`.",
  ),
  "ticket.not_blocked": row(409, "The ticket is not blocked", "Nothing is to be done."),
  "ticket.already_blocked": row(409, "The ticket is blocked already", "Unblock it first to give another reason."),
  "ticket.no_templates": row(409, "The phase makes no tasks", "Enter a working phase first, or add tasks of your own."),

  "task.not_found": row(404, "There is no such task", "Check the id."),
  "task.lease_lost": row(409, "The lease on the task is gone", "Stop working on it and claim again."),
  "task.not_holder": row(403, "Another agent holds the task", "Act only on tasks that you claimed."),
  "task.not_accepted": row(
    409,
    "The task was pushed to the agent and is not accepted yet",
    "Accept it first: POST /tasks/{id}/accept with its fence.",
  ),
  "task.terminal": row(
    409,
    "The task has ended",
    "Nothing about it can be changed any more; one that failed or was cancelled can be retried.",
  ),
  "task.not_terminal": row(
    409,
    "The task is neither failed nor cancelled",
    "Only failed and cancelled tasks can be retried.",
  ),
  "task.not_waiting": row(409, "The task does not wait", "Only waiting tasks can be resumed."),
  "task.dependency_cycle": row(422, "The tasks depend on each other in a circle", "Break the circle named in `cycle`."),
  "task.dependency_unknown": row(
    422,
    "A dependency does not exist",
    "Name ids of existing tasks, or refs of the same call.",
  ),
  "task.foreign_evidence": row(
    403,
    "The task is not yours or not of this ticket",
    "Name a task of this ticket that you hold, with its fence.",
  ),
  "lane.not_found": row(404, "There is no such lane", "GET /tasks/{id}/match names the lane of a task."),
  "lane.too_many_paused": row(409, "Too many lanes are paused", "Resume one, or pause the whole stage."),

  "dead_letter.not_found": row(404, "There is no such dead letter", "Check the id."),
  "dead_letter.redriven": row(
    409,
    "The dead letter was redriven already",
    "See the task, or what the receiver was sent in its place, for what came of it.",
  ),

  "agent.not_found": row(404, "There is no such agent", "Check the id."),
  "agent.ended": row(409, "The agent has ended", "Register again, naming this one in `replaces`."),
  "agent.status_refused": row(409, "The agent may not go there now", "Go to one of `allowed`."),
  "agent.leaving": row(409, "The agent is leaving already", "Wait until it has ended."),
  "agent.restart_cooldown": row(
    429,
    "The agent's line was restarted just now",
    "Ask again after retry_after_ms.",
    "later",
  ),
  "agent.restart_limit": row(
    429,
    "The agent's line was restarted too often within the hour",
    "The guardian was told: look for the cause, or ask again after retry_after_ms.",
    "later",
  ),
  "agent.not_started": row(
    409,
    "The agent has not sent its first heartbeat",
    "Send it with an assertion as the bearer.",
  ),
  "agent.key_in_use": row(409, "A living agent holds this key", "Make a new pair."),
  "agent.key_retired": row(409, "The key was replaced or revoked", "Make a new pair."),
  "agent.checksum_mismatch": row(
    422,
    "The heartbeat's checksum is wrong",
    "SHA-256 (hex) of the canonical JSON (RFC 8785) of the other fields.",
  ),
  "agent.capacity_refused": row(409, "The agents' capacities do not allow it", "Move less, or between other agents."),
  "agent.registration_refused": row(422, "The registration was refused", "Mend each reason that `errors` names."),

  "metric.not_found": row(404, "There is no such metric", "See GET /monitor/catalogue for the metrics."),

  "alert_rule.not_found": row(404, "There is no such alert rule", "See GET /alert-rules for the rules in force."),
  "alert_rule.exists": row(409, "There is a rule of that name", "Take another name, or replace the rule with PUT."),
  "alert_rule.from_file": row(409, "The rule stands in a file", "Change it there: config/alert_rules/*.yaml."),

  "receiver.not_found": row(
    404,
    "There is no such receiver",
    "GET /receivers lists those of config/alert_routing.yaml.",
  ),
  "alert.not_found": row(404, "There is no such alert", "Check the id; alerts are forgotten 90 days after their end."),
  "alert.not_firing": row(409, "The alert does not fire", "See its state; one that fires again has a new id."),

  "silence.ended": row(409, "The silence has ended", "Make a new one: POST /silences."),
  "silence.not_found": row(404, "There is no such silence", "Check the id."),

  "remediation.not_found": row(
    404,
    "There is no such remediation",
    "Check the id; they are forgotten 90 days after their end.",
  ),
  "remediation.ended": row(409, "The remediation has ended", "See its `outcome`: there is nothing left to stop."),
  "policy.not_found": row(404, "There is no such policy", "The lists of policies name them."),
  "policy.switched_off": row(409, "The policy is switched off", "See who did it and why, and switch it on again."),
  "policy.disabled_in_file": row(
    409,
    "The policy's file disables it",
    "Enable it there, and deploy: what is switched here takes a policy out of force, and puts back what was.",
  ),
  "watchdog.target_busy": row(
    409,
    "The watchdog works on the target already",
    "See the remediation that `remediation_id` names, and ask again when it has ended.",
  ),
  "watchdog.action_refused": row(
    409,
    "The action makes no sense for the target now",
    "See `detail` for what stands against it.",
  ),

  "guardian.action_not_found": row(404, "There is no such action of the guardian", "Check the id."),
  "guardian.action_limit": row(
    429,
    "The guardian has acted as often as it may within a minute",
    "Wait as long as Retry-After says.",
    "later",
  ),
  "guardian.nothing_to_change": row(409, "It is so already", "Nothing is to be done."),
  "guardian.already_reverted": row(409, "The action was reverted already", "Nothing is to be done."),
  "guardian.changed_since": row(
    409,
    "What the action changed has been changed since",
    "See `difference`, and act on what is there now.",
  ),

  "api_key.not_found": row(404, "There is no such key", "Check the id."),
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof problems;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}
