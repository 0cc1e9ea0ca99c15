import { tryWritten } from "@omoios/domain/alerting/rules/try-written";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";

/** What answers the routes of alert rules. */
export function alertRuleVerbs(): Pick<Verbs, "testAlertRule"> {
  return {
    async testAlertRule(_ctx, { body }) {
      const { timeline, fired } = tryWritten(body, fromRfc3339(body.start) ?? 0);
      return {
        timeline: timeline.map((entry) => ({ ...entry, at: toRfc3339(entry.at) })),
        fired: fired.map(({ labels, fired_at, resolved_at }) => ({
          labels,
          fired_at: toRfc3339(fired_at),
          resolved_at: resolved_at === null ? null : toRfc3339(resolved_at),
        })),
      };
    },
  };
}
