import * as z from "zod";

export const id = z.string();
export const count = z.number();
export const text = z.string().nullable().optional();
export const taskData = {
  task_id: id,
  ticket_id: id,
  phase_id: id,
  status: id,
  priority: id,
  attempt: count,
  fence: count,
  version: count,
  agent_id: text,
};
export const notice = { notification_id: id, receiver: id };
export const ticketData = { ticket_id: id, phase_id: id, status: id, visit: count, version: count };
export const agentData = { agent_id: id, agent_name: id, status: id, version: count };

/** What was measured, where something was. */
export const figure = z.number().nullable().optional();
export const alertData = {
  alert_id: id,
  fingerprint: id,
  severity: id,
  metric_name: text,
  threshold: figure,
  labels: z.record(z.string(), z.string()),
  /** Who brought it from outside; absent where the plane itself says it. */
  brought_by: z.object({ id, authority: id }).optional(),
};

/** What the watchdog acts on, and for what: a remediation is one policy's answer to one occurrence of an alert, or to one event. */
export const remediationData = {
  remediation_id: id,
  policy: id,
  target: z.object({ kind: id, id }),
  agent_id: text,
  phase_id: text,
  alert_id: text,
  alertname: text,
};
export const interventionData = {
  action_id: id,
  action: id,
  target: z.object({ kind: id, id }),
  parameters: z.record(z.string(), z.unknown()).optional(),
  policy: text,
  cause: text,
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
};

/** A person took a policy out of force or put it back; without `policy` all of the room's. */
export const switching = { policy: text, reason: id };
