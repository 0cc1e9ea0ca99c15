import type { Guardian } from "@omoios/domain/guardian/service";
import type { Replays, Verbs } from "../verbs.ts";
import { switching } from "./switching.ts";

type GuardianRoutes =
  | "intervene"
  | "listInterventions"
  | "getIntervention"
  | "revertIntervention"
  | "listGuardianPolicies"
  | "disableGuardianPolicy"
  | "enableGuardianPolicy"
  | "pauseGuardian"
  | "resumeGuardian";

/** What answers the routes of the guardian. */
export function guardianVerbs(guardian: Guardian): Pick<Verbs, GuardianRoutes> {
  const { policy, all } = switching(guardian);
  return {
    intervene: async (ctx, { body }) => guardian.intervene(ctx, body),
    listInterventions: async (_ctx, { query }) => guardian.list(query),
    getIntervention: async (_ctx, { params }) => guardian.get(params.action_id),
    revertIntervention: async (ctx, { params, body }) => guardian.revert(ctx, params.action_id, body.reason),
    listGuardianPolicies: () => guardian.policies(),
    disableGuardianPolicy: policy(false),
    enableGuardianPolicy: policy(true),
    pauseGuardian: all(false),
    resumeGuardian: all(true),
  };
}

/** What a repeated request reads again. */
export function guardianReplays(guardian: Guardian) {
  return {
    intervene: (_ctx, made) => guardian.get(made),
    revertIntervention: (_ctx, made) => guardian.get(made),
    disableGuardianPolicy: (_ctx, made) => guardian.policy(made),
    enableGuardianPolicy: (_ctx, made) => guardian.policy(made),
    pauseGuardian: () => guardian.switchedOff(),
    resumeGuardian: () => guardian.switchedOff(),
  } satisfies Partial<Replays>;
}
