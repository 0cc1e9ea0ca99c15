import { define } from "./model.ts";

export const guardianEntities = {
  intervention: define({
    entity: "intervention",
    pk: { template: "intervention#${action_id}", of: ["action_id"] },
    sk: { template: "intervention", of: [] },
    attributes: {
      action_id: "string",
      action: "string",
      target: "any",
      parameters: "any",
      reason: "string",
      status: "string",
      before: "any",
      after: "any",
      by: "any",
      policy: "string",
      cause: "string",
      at: "number",
      reverted_at: "number",
      reverted_by: "any",
      revert_reason: "string",
      refused: "any",
      rollback_refused: "any",
    },
  }),
  intervention_slot: define({
    entity: "intervention_slot",
    pk: { template: "interventionslots", of: [] },
    sk: { template: "slot#${n}", of: ["n"] },
    attributes: { n: "ordinal", free_at: "number" },
  }),
  intervention_mark: define({
    entity: "intervention_mark",
    pk: { template: "interventionmark#${mark_id}", of: ["mark_id"] },
    sk: { template: "mark", of: [] },
    attributes: { mark_id: "string" },
  }),
};
