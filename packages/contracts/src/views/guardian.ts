import * as z from "zod";
import { authority } from "../shapes/access.ts";
import { idOf, PRIORITIES, time } from "../shapes/common.ts";
import { guardianAction, INTERVENTION_STATUSES, parameters, TARGET_KINDS } from "../shapes/guardian.ts";
import { switchedOff } from "./switch.ts";

/** What an action changes, as far as it changes it. */
const state = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

// biome-ignore lint/suspicious/noThenProperty: the name that the specification gives; it holds a value, and nothing awaits it
export const difference = z.object({ field: z.string(), then: z.unknown(), now: z.unknown() });

const by = z.object({ kind: z.string(), id: z.string(), authority });

/** What was done, and what it changed. */
export const intervention = z.object({
  action_id: idOf("intervention"),
  action: guardianAction,
  /** A phase where a policy found no agents to move capacity to it. */
  target: z.object({ kind: z.enum([...TARGET_KINDS, "phase"]), id: z.string() }),
  parameters: parameters(),
  reason: z.string(),
  status: z.enum(INTERVENTION_STATUSES),
  before: state,
  after: state,
  by,
  /** The policy that acted by itself, and the event or alert that it acted on. */
  policy: z.string().nullable(),
  cause: z.string().nullable(),
  at: time,
  /** When it is taken back by itself; null where it is not, or was. */
  rollback_at: time.nullable(),
  reverted_at: time.nullable(),
  reverted_by: by.nullable(),
  revert_reason: z.string().nullable(),
  /** Why a policy could not do it: a problem's code and words. */
  refused: z.object({ code: z.string(), why: z.string() }).nullable(),
  /** Why it was not taken back when its time was over. */
  rollback_refused: z.object({ at: time, why: z.string(), difference: z.array(difference) }).nullable(),
});

/** What the guardian does by itself. */
export const guardianPolicy = z.object({
  name: z.string(),
  description: z.string().nullable(),
  /** Whether it is in force: its file has it so, and nobody has switched it off. */
  enabled: z.boolean(),
  /** Who switched it off, or all of the guardian's policies. */
  switched_off: switchedOff.nullable(),
  /** Each names an alert or an event, and what else must hold. */
  triggers: z.array(
    z.object({ alert: z.string().nullable(), event: z.string().nullable(), matchers: z.array(z.string()) }),
  ),
  actions: z.array(
    z.object({
      type: guardianAction,
      /** The label or member that names the target. */
      target: z.string(),
      priority: z.enum(PRIORITIES).nullable(),
      amount: z.int().nullable(),
    }),
  ),
  rollback_after_seconds: z.number().nullable(),
  cooldown_seconds: z.number(),
});
