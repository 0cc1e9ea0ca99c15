import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { paging, reason } from "./common.ts";

/** What the watchdog can do. */
export const REMEDIES = [
  "restart",
  "recycle_token",
  "requeue_tasks",
  "failover",
  "scale_out",
  "quarantine",
  "notify",
  "escalate",
] as const;
export type Remedy = (typeof REMEDIES)[number];

export const TARGET_KINDS = ["agent", "phase", "plane"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/**
 * `not_needed`: all was well again before anything was done, or somebody else had seen to it. `refused`: whoever brought the alert may not
 * have that done. `stopped`: by a person, or because its policy was switched off in its middle. `disabled`: not acted, as its policy was
 * switched off before it began.
 */
export const REMEDIATION_OUTCOMES = [
  "succeeded",
  "failed",
  "escalated",
  "not_needed",
  "refused",
  "stopped",
  "disabled",
  "dry_run",
] as const;
export type RemediationOutcome = (typeof REMEDIATION_OUTCOMES)[number];

/** `stopped`: it was begun, and its effect was not waited for. */
export const STEP_OUTCOMES = ["done", "failed", "not_verified", "skipped", "stopped", "dry_run"] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** `waiting` for its next step, `acting`, `verifying` what a step did, or `ended`. */
export const REMEDIATION_STATUSES = ["waiting", "acting", "verifying", "ended"] as const;
export type RemediationStatus = (typeof REMEDIATION_STATUSES)[number];

export const listRemediations = once(() =>
  z.strictObject({
    ...paging,
    status: z.enum(["open", "ended"]).optional(),
    policy: z.string().min(1).max(60).optional(),
    outcome: z.enum(REMEDIATION_OUTCOMES).optional(),
    target_id: z.string().min(1).max(200).optional(),
  }),
);

export const startRemediation = once(() =>
  z.strictObject({
    action: z.enum(REMEDIES),
    target: z.strictObject({ kind: z.enum(TARGET_KINDS), id: z.string().min(1).max(200) }),
    /** Under whose terms it is done; none without. */
    policy: z.string().min(1).max(60).optional(),
    reason,
    /** Says what it would do, and does nothing. */
    dry_run: z.boolean().default(false),
  }),
);
