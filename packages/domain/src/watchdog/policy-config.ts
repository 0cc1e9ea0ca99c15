import { severity } from "@omoios/contracts/shapes/alert";
import { duration } from "@omoios/contracts/shapes/duration";
import { REMEDIES } from "@omoios/contracts/shapes/watchdog";
import { once } from "@omoios/kernel/once";
import * as z from "zod";

/** What `policyConfig()` makes. */
const makePolicyConfig = () => {
  const name = z
    .string()
    .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, "must be lower-case words joined by single `_`, such as worker_restart")
    .max(60);
  const limit = z.string("must be so often within so long, such as 3/1h");
  const trigger = z.strictObject({
    /** The name of an alert. */
    alert: z.string().min(1).max(100).optional(),
    /** The type of an event, with what its data must say. */
    event: z.string().min(1).optional(),
    condition: z.string().optional(),
  });
  const action = z.strictObject({
    type: z.enum(REMEDIES),
    /** How long to wait for the effect to be seen. */
    verify_within: duration.optional(),
    /** Of `scale_out`: how many more. */
    workers: z.int().min(1).max(100).optional(),
    /** Of `notify`: who is told beside those whom the alert routing names, and how urgent it is. */
    receivers: z.array(z.string().min(1)).max(20).optional(),
    severity: severity.optional(),
  });
  return z.strictObject({
    name,
    description: z.string().max(500).optional(),
    enabled: z.boolean().default(true),
    /** Says what would be done, and does nothing. */
    dry_run: z.boolean().default(false),
    triggers: z.array(trigger).min(1).max(20),
    /** In this order; the next one only where the one before it failed, was not verified, or cannot be the remedy alone. */
    actions: z.array(action).min(1).max(10),
    limits: z
      .strictObject({
        per_target: limit.default("3/1h"),
        /** A number, or a share of the active agents. */
        per_fleet: limit.default("10%/5m"),
        cooldown: duration.default("60s"),
      })
      .prefault({}),
    escalation: z
      .strictObject({
        to: z.enum(["guardian"]).default("guardian"),
        /** Failed attempts on one target after which it is handed on; at the end of its actions it is anyway. */
        after_attempts: z.int().min(1).max(20).default(20),
        within: duration.default("1h"),
      })
      .prefault({}),
    /** What the watchdog may do in the name of this policy. */
    authority: z.enum(["WATCHDOG", "MONITOR"]).default("MONITOR"),
  });
};

/** What one file of `config/watchdog_policies` says under `policy`. */
export const policyConfig = once(makePolicyConfig);

export type PolicyConfig = z.infer<ReturnType<typeof makePolicyConfig>>;
export type TriggerConfig = PolicyConfig["triggers"][number];
export type ActionConfig = PolicyConfig["actions"][number];
