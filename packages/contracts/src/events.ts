import { once } from "@omoios/kernel/once";
import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import * as z from "zod";
import {
  agentData,
  alertData,
  count,
  figure,
  id,
  interventionData,
  notice,
  remediationData,
  switching,
  taskData,
  text,
  ticketData,
} from "./event-data.ts";

type SubjectKind = "ticket" | "task" | "agent" | "channel" | "key" | "plane" | "monitor" | "watchdog" | "guardian";

export interface EventRow {
  subject: SubjectKind;
  version: number;
  /** Members of `data`. The relay takes each from the row that carries the event, unless the event brings it itself. */
  data: () => z.ZodObject;
}

/** Schemas are made when they are first asked for: a process that starts needs one of them, and all would take it 20 ms. */
const event = (subject: SubjectKind, shape: z.ZodRawShape): EventRow => ({
  subject,
  version: 1,
  data: once(() => z.looseObject(shape)),
});
const ticket = (shape: z.ZodRawShape = {}) => event("ticket", { ...ticketData, ...shape });
const task = (shape: z.ZodRawShape = {}) => event("task", { ...taskData, ...shape });
const agent = (shape: z.ZodRawShape = {}) => event("agent", { ...agentData, ...shape });

const intervention = (shape: z.ZodRawShape) => event("guardian", { ...interventionData, ...shape });

const alert = (shape: z.ZodRawShape = {}) => event("monitor", { ...alertData, ...shape });
const remediation = (shape: z.ZodRawShape = {}) => event("watchdog", { ...remediationData, ...shape });

const anomaly = (shape: z.ZodRawShape = {}) =>
  event("monitor", {
    anomaly_id: id,
    metric_name: id,
    labels: z.record(z.string(), z.string()),
    agent_id: text,
    phase_id: text,
    ticket_id: text,
    kind: id,
    baseline: count,
    observed: count,
    deviation_percent: figure,
    severity: id,
    trace_id: text,
    ...shape,
  });

/** Every event of the plane. Past tense, dotted, lower case; names that users rely on are kept to the letter. */
export const events = {
  "ticket.created": ticket({ priority: id, workflow: id }),
  "ticket.phase_changed": ticket({ from: id, to: id, forced: z.boolean(), backward: z.boolean(), why: text }),
  "ticket.gate_evaluated": ticket({ verdict: id }),
  "ticket.blocked": ticket({ priority: text, blocked_class: text, blocked_reason: text }),
  "ticket.unblocked": ticket({ priority: text, reason: text }),
  "ticket.approval_requested": ticket(),
  "ticket.approved": ticket(),
  "ticket.rejected": ticket(),
  "ticket.cancelled": ticket({ cancel_reason: text }),
  "ticket.completed": ticket(),
  "ticket.updated": ticket({ fields: text }),
  "ticket.artifact_added": ticket({ evidence_version: count }),

  "task.created": task({ pending_reason: text }),
  "task.ready": task(),
  "task.assigned": task(),
  "task.started": task(),
  "task.progressed": task({ percent: z.number().nullable().optional(), note: text }),
  "task.completed": task(),
  "task.failed": task({ failure: text, error_kind: text }),
  "task.retry_scheduled": task({ error_kind: text, retry_count: count, reason: text }),
  "task.timed_out": task(),
  "task.cancelled": task({ cause: text }),
  "task.released": task({ reason: text }),
  "task.lease_expired": task(),
  "task.waiting": task({ question: text }),
  "task.resumed": task(),
  "task.deadline_missed": task(),
  "task.dead_lettered": event("task", { task_id: id, ticket_id: id, phase_id: id, attempt: count, error: z.unknown() }),
  "task.unmatchable": task({ lane: id, tasks: count }),
  "task.stuck": task(),
  /** It goes on, is held no more, or has ended. */
  "task.unstuck": task(),
  "task.updated": task({ fields: text }),

  "agent.registration_started": agent(),
  "agent.registered": agent(),
  "agent.registration_failed": agent(),
  "agent.status_changed": agent({ from: id, to: id, why: text, task_id: text, forced: z.boolean().optional() }),
  "agent.heartbeat.missed": agent({ count }),
  /** It was asked to leave, and is given time to end what it holds. */
  "agent.leave_requested": agent({ how: id, why: text }),
  "agent.capabilities_changed": agent({ added: z.array(id).optional(), removed: z.array(id).optional() }),
  "agent.key_rotated": agent({ key_id: id }),
  "agent.key_revoked": agent({ key_id: id, reason: text }),
  "agent.replacement_requested": agent({
    agent_type: id,
    phase_ids: z.array(id),
    capabilities: z.array(id),
    tags: z.array(id).optional(),
    owner: text,
  }),
  "agent.key_rotation_requested": agent({ key_id: id, reason: text }),
  "agent.message.sent": event("channel", { message_id: id, channel: id }),
  "agent.handoff.requested": agent(),
  "agent.handoff.accepted": agent(),
  "agent.handoff.declined": agent(),

  "access.key_created": event("key", { key_id: id, name: id }),
  "access.key_revoked": event("key", { key_id: id, name: id }),
  "plane.paused": event("plane", { reason: text }),
  "plane.resumed": event("plane", { reason: text }),

  "monitor.silence_changed": event("monitor", { silence_id: id, author: id, comment: id, ends_at: figure }),
  "monitor.receiver_tested": event("monitor", notice),
  "monitor.notification_given_up": event("monitor", { ...notice, outcome: id, detail: id, tries: count }),
  "monitor.notification_redriven": event("monitor", { ...notice, reason: text, sent_as: text }),
  "monitor.rule_changed": event("monitor", { name: id }),
  "monitor.anomaly.detected": anomaly(),
  /** `others_open`: how many of the series stand open still, where some do. */
  "monitor.anomaly.cleared": anomaly({ others_open: figure }),
  "monitor.alert.triggered": alert({ rule_id: id, current_value: figure }),
  "monitor.alert.acknowledged": alert({ note: text }),
  "monitor.alert.resolved": alert({ note: text }),
  "monitor.mass_silence": event("monitor", { silent: count, active: count }),
  "monitor.mass_silence.cleared": event("monitor", { lasted_seconds: count }),
  "watchdog.remediation.started": remediation({ action: id }),
  "watchdog.remediation.completed": remediation({ outcome: id, attempts: count, why: text, reason: text }),
  /** One step of a remediation is over. */
  "watchdog.action.completed": remediation({ action: id, outcome: id }),
  "watchdog.switched_off": event("watchdog", switching),
  "watchdog.switched_on": event("watchdog", switching),
  /** Somebody who can start agents is asked for more of that kind. */
  "watchdog.scale_out_requested": remediation({
    agent_type: id,
    phase_ids: z.array(id),
    capabilities: z.array(id),
    workers: count,
  }),
  /** The watchdog hands a case on. An agent's line that was restarted too often by hand is handed on without a remediation. */
  "watchdog.escalation": event("watchdog", {
    to: text,
    why: text,
    agent_id: text,
    /** Of an agent, the first of those that it serves. */
    phase_id: text,
    remediation_id: text,
    policy: text,
    target: z.object({ kind: id, id }).optional(),
    attempts: figure,
    alert_id: text,
    alertname: text,
    severity: text,
    /** A person asks for it: it is an alert by itself, and no figure counts it. */
    asked: z.boolean().optional(),
    /** Who asks for it, or brought the alert from outside that it began with. */
    brought_by: z.object({ id, authority: id }).optional(),
    /** Which limit was passed, where one was: `target` or `fleet`. */
    limit: text,
    /** What its agent is by then. */
    agent_status: text,
  }),
  "guardian.intervention.started": intervention({ reason: id }),
  "guardian.intervention.completed": intervention({ reason: id, outcome: id }),
  /** What a policy wanted to do, and could not. */
  "guardian.intervention.refused": intervention({ reason: id, refused: z.object({ code: id, why: id }) }),
  "guardian.intervention.reverted": intervention({ status: id, revert_reason: text }),
  "guardian.switched_off": event("guardian", switching),
  "guardian.switched_on": event("guardian", switching),
} as const satisfies Record<string, EventRow>;

export type EventType = keyof typeof events;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(events, type);
}

export const EVENT_SOURCE = "omoios";

/** What travels: on the bus as `detail`, in the log as a row, at the API as it is. A reader tolerates what it does not know. */
export const envelope = z.object({
  /** `<subject id>#<version of the row>#<n>`: relaying twice gives the same id. */
  id: z.string(),
  type: z.string(),
  version: z.int(),
  time: z.string(),
  source: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    authority: z.enum(Object.keys(AUTHORITY) as [AuthorityName, ...AuthorityName[]]),
  }),
  correlation_id: z.string(),
  causation_id: z.string().nullable(),
  traceparent: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelope>;
