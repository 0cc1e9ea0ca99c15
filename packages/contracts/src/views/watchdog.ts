import * as z from "zod";
import { severity } from "../shapes/alert.ts";
import { idOf, time } from "../shapes/common.ts";
import {
  REMEDIATION_OUTCOMES,
  REMEDIATION_STATUSES,
  REMEDIES,
  STEP_OUTCOMES,
  TARGET_KINDS,
} from "../shapes/watchdog.ts";
import { switchedOff, switches } from "./switch.ts";

const target = z.object({ kind: z.enum(TARGET_KINDS), id: z.string() });

export const watchdogPolicy = z.object({
  name: z.string(),
  description: z.string().nullable(),
  /** Whether it is in force: its file has it so, and nobody has switched it off. */
  enabled: z.boolean(),
  /** Who switched it off, or the whole watchdog. */
  switched_off: switchedOff.nullable(),
  dry_run: z.boolean(),
  triggers: z.array(
    z.object({ alert: z.string().nullable(), event: z.string().nullable(), condition: z.string().nullable() }),
  ),
  actions: z.array(
    z.object({
      type: z.enum(REMEDIES),
      verify_within_seconds: z.number().nullable(),
      /** Of `scale_out`: how many more. */
      workers: z.int().nullable(),
      /** Of `notify`: who is told beside those whom the alert routing names, and how urgent it is. */
      receivers: z.array(z.string()).nullable(),
      severity: severity.nullable(),
    }),
  ),
  limits: z.object({ per_target: z.string(), per_fleet: z.string(), cooldown_seconds: z.number() }),
  escalation: z.object({ to: z.string(), after_attempts: z.int(), within_seconds: z.number() }),
  authority: z.string(),
});

/** What one policy, or somebody by hand, did about one thing. */
export const remediation = z.object({
  remediation_id: idOf("remediation"),
  /** `by_hand` where no policy was named. */
  policy: z.string(),
  target,
  status: z.enum(REMEDIATION_STATUSES),
  outcome: z.enum(REMEDIATION_OUTCOMES).nullable(),
  why: z.string().nullable(),
  alert_id: z.string().nullable(),
  alertname: z.string().nullable(),
  event_id: z.string().nullable(),
  correlation_id: z.string(),
  requested_by: z.string(),
  /** What the fleet's limit held back, and this one does since there is room. */
  takes_up: idOf("remediation").nullable(),
  opened_at: time,
  /** When its first step was taken. */
  started_at: time.nullable(),
  ended_at: time.nullable(),
  /** When it is looked at next. */
  due_at: time.nullable(),
  /** Steps that did not help. */
  attempts: z.int(),
  /** The steps still to come, this one first. */
  actions_left: z.array(z.enum(REMEDIES)),
  steps: z.array(
    z.object({
      action: z.enum(REMEDIES),
      outcome: z.enum(STEP_OUTCOMES),
      why: z.string(),
      started_at: time,
      ended_at: time,
    }),
  ),
});

export const watchdogStatus = z.object({
  policies: z.object({ enabled: z.int(), dry_run: z.int(), disabled: z.int() }),
  /** What people have taken out of force. */
  switched_off: switches,
  /** Remediations under way; more than 100 are not counted. */
  open: z.int(),
  /** The parts of the sweep by their names: when each last ran through, how long it took, and how far it came. */
  beats: z.array(
    z.object({
      part: z.string(),
      at: time,
      age_seconds: z.number(),
      duration_ms: z.number(),
      reached: z.string(),
      /** It is older than it may be, and an alert says so. */
      late: z.boolean(),
    }),
  ),
});
