import type { Guardian } from "@omoios/domain/guardian/service";
import type { Replays, Verbs } from "../verbs.ts";

type GuardianRoutes =
  | "intervene"
  | "listInterventions"
  | "getIntervention"
  | "revertIntervention"
  | "listGuardianPolicies";

/** What answers the routes of the guardian. */
export function guardianVerbs(guardian: Guardian): Pick<Verbs, GuardianRoutes> {
  return {
    intervene: async (ctx, { body }) => guardian.intervene(ctx, body),
    listInterventions: async (_ctx, { query }) => guardian.list(query),
    getIntervention: async (_ctx, { params }) => guardian.get(params.action_id),
    revertIntervention: async (ctx, { params, body }) => guardian.revert(ctx, params.action_id, body.reason),
    listGuardianPolicies: async () => guardian.policies(),
  };
}

/** What a repeated request reads again. */
export function guardianReplays(guardian: Guardian) {
  return {
    intervene: (_ctx, made) => guardian.get(made),
    revertIntervention: (_ctx, made) => guardian.get(made),
  } satisfies Partial<Replays>;
}
