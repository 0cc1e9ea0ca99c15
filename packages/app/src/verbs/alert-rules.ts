import type { RouteReply } from "@omoios/contracts/routes";
import type { AlertRuleRow } from "@omoios/domain/alerting/rules/rule-row";
import type { KnownRule, RuleService } from "@omoios/domain/alerting/rules/service";
import type { Trial } from "@omoios/domain/alerting/rules/try-rule";
import type { SeriesService } from "@omoios/domain/monitor/series/service";
import { fromRfc3339, timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Replays, Verbs } from "../verbs.ts";

type RuleRoutes =
  | "listAlertRules"
  | "createAlertRule"
  | "getAlertRule"
  | "replaceAlertRule"
  | "deleteAlertRule"
  | "testAlertRule"
  | "backtestAlertRule";

const HOUR_MS = 3_600_000;

/** What answers the routes of alert rules. */
export function alertRuleVerbs(rules: RuleService, series: SeriesService): Pick<Verbs, RuleRoutes> {
  return {
    listAlertRules: async () => ({ items: (await rules.list()).map(ruleView), next_cursor: null }),
    getAlertRule: async (_ctx, { params }) => ruleView(await rules.get(params.name)),
    createAlertRule: async (ctx, { body }) => rowView(await rules.create(ctx, body)),
    replaceAlertRule: async (ctx, { params, body }) =>
      rowView(await rules.replace(ctx, params.name, body, ctx.if_match)),
    deleteAlertRule: async (ctx, { params }) => rowView(await rules.remove(ctx, params.name, ctx.if_match)),

    async testAlertRule(_ctx, { body }) {
      return trialView(rules.tried(body, fromRfc3339(body.start) ?? 0));
    },

    async backtestAlertRule(ctx, { body }) {
      const until = (body.to === undefined ? undefined : fromRfc3339(body.to)) ?? ctx.now;
      const from = (body.from === undefined ? undefined : fromRfc3339(body.from)) ?? until - HOUR_MS;
      return trialView(await series.backtest(rules.read(body.rule), body.labels, { from, until }));
    },
  };
}

/** A repeated call is answered with the rule as it is now. */
export function alertRuleReplays(rules: RuleService): Pick<Replays, "createAlertRule"> {
  return { createAlertRule: async (_ctx, name) => ruleView(await rules.get(name)) };
}

const rowView = (row: AlertRuleRow) => ruleView({ written: row.written, row });

function trialView({ timeline, fired }: Trial): RouteReply<"testAlertRule"> {
  return {
    timeline: timeline.map((entry) => ({ ...entry, at: toRfc3339(entry.at) })),
    fired: fired.map(({ labels, fired_at, resolved_at }) => ({
      labels,
      fired_at: toRfc3339(fired_at),
      resolved_at: timeOrNull(resolved_at),
    })),
  };
}

function ruleView({ written, row }: KnownRule): RouteReply<"getAlertRule"> {
  return {
    ...written,
    source: row === undefined ? "file" : "api",
    version: row?.version ?? null,
    created_at: row === undefined ? null : toRfc3339(row.created_at),
    updated_at: row === undefined ? null : toRfc3339(row.updated_at),
    updated_by: row?.updated_by ?? null,
  };
}
