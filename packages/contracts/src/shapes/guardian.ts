import { isId } from "@omoios/kernel/ids";
import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { articled, idOf, paging, priority, reason } from "./common.ts";

export const TARGET_KINDS = ["task", "agent", "lane"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What each action acts on, and the parameters that it needs. A lane's id is the one in a task's match. */
export const GUARDIAN_ACTIONS = {
  cancel_task: { target: "task", parameters: [] },
  override_priority: { target: "task", parameters: ["priority"] },
  reallocate_capacity: { target: "agent", parameters: ["to_agent_id", "amount"] },
  quarantine: { target: "agent", parameters: [] },
  release: { target: "agent", parameters: [] },
  pause_lane: { target: "lane", parameters: [] },
  resume_lane: { target: "lane", parameters: [] },
} as const satisfies Record<string, { target: TargetKind; parameters: readonly (keyof InterventionParameters)[] }>;
export type GuardianAction = keyof typeof GUARDIAN_ACTIONS;
export const guardianAction = z.enum(Object.keys(GUARDIAN_ACTIONS) as [GuardianAction, ...GuardianAction[]]);

export const parameters = once(() =>
  z.strictObject({
    priority: priority.optional(),
    /** Who is given capacity. */
    to_agent_id: idOf("agent").optional(),
    /** How much. */
    amount: z.int().min(1).max(49).optional(),
  }),
);
export type InterventionParameters = z.infer<ReturnType<typeof parameters>>;

const LANE = /^[0-9a-f]{16}$/;
const canName = (kind: TargetKind, id: string): boolean => (kind === "lane" ? LANE.test(id) : isId(kind, id));

export const intervene = once(() =>
  z
    .strictObject({
      action: guardianAction,
      target: z.strictObject({ kind: z.enum(TARGET_KINDS), id: z.string().min(1).max(100) }),
      parameters: parameters().default({}),
      reason,
    })
    .superRefine(({ action, target, parameters: given }, ctx) => {
      const fault = (path: string[], message: string) => ctx.addIssue({ code: "custom", path, message });
      const needs = GUARDIAN_ACTIONS[action];
      const names: readonly string[] = needs.parameters;
      if (target.kind !== needs.target) fault(["target", "kind"], `must be ${needs.target} for ${action}`);
      else if (!canName(target.kind, target.id)) fault(["target", "id"], `must be the id of ${articled(target.kind)}`);
      for (const name of names) if (!(name in given)) fault(["parameters", name], `is needed for ${action}`);
      for (const name of Object.keys(given))
        if (!names.includes(name)) fault(["parameters", name], `is not for ${action}`);
    }),
);

/** What an action changes, as far as it changes it. */
export type InterventionState = Record<string, string | number | boolean | null>;

/** `refused`: what a policy wanted to do, and could not. It changed nothing. */
export const INTERVENTION_STATUSES = ["applied", "reverted", "refused"] as const;

export const listInterventions = once(() =>
  z.strictObject({
    ...paging,
    action: guardianAction.optional(),
    /** The id of a task, agent or lane. */
    target: z.string().min(1).max(100).optional(),
    status: z.enum(INTERVENTION_STATUSES).optional(),
    policy: z.string().min(1).max(60).optional(),
  }),
);
