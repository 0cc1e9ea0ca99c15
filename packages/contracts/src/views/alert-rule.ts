import * as z from "zod";
import { labels } from "../shapes/alert.ts";
import { alertRule, RULE_STATES } from "../shapes/alert-rule.ts";
import { time } from "../shapes/common.ts";

/** A rule in force. One of a file has no version, and changes with its file. */
export const alertRuleView = z.object({
  ...alertRule().shape,
  source: z.enum(["file", "api"]),
  version: z.int().nullable(),
  created_at: time.nullable(),
  updated_at: time.nullable(),
  updated_by: z.string().nullable(),
});

export const alertRuleTested = z.object({
  /** The state of each label set after each evaluation. */
  timeline: z.array(z.object({ at: time, labels, state: z.enum(RULE_STATES) })),
  /** The alerts with their own labels; `resolved_at` is null where one fires to the end. */
  fired: z.array(z.object({ labels, fired_at: time, resolved_at: time.nullable() })),
});
