import { alertRule, backtestAlertRule, testAlertRule } from "../shapes/alert-rule.ts";
import { type PathParam, table } from "./route.ts";

const RULE: Readonly<Record<"name", PathParam>> = { name: { kind: "alertRule", missing: "alert_rule.not_found" } };
const READ = {
  method: "GET",
  tag: "alerts",
  who: ["operator"],
  scope: "alerts:read",
  status: 200,
  problems: [],
} as const;
const WRITE = { tag: "alerts", who: ["operator"], scope: "alerts:write" } as const;

export const alertRuleRoutes = table({
  listAlertRules: {
    ...READ,
    path: "/alert-rules",
    summary: "The rules in force, by name: those of the files and those made here",
    params: {},
  },
  createAlertRule: {
    ...WRITE,
    method: "POST",
    path: "/alert-rules",
    summary: "Makes a rule. It judges samples two seconds later at most",
    params: {},
    body: alertRule,
    status: 201,
    problems: ["alert_rule.exists"],
    idempotent: true,
  },
  getAlertRule: {
    ...READ,
    path: "/alert-rules/{name}",
    summary: "A rule in force",
    params: RULE,
    etag: true,
  },
  replaceAlertRule: {
    ...WRITE,
    method: "PUT",
    path: "/alert-rules/{name}",
    summary: "Replaces a rule that was made here",
    params: RULE,
    body: alertRule,
    status: 200,
    problems: ["alert_rule.from_file"],
    etag: true,
  },
  deleteAlertRule: {
    ...WRITE,
    method: "DELETE",
    path: "/alert-rules/{name}",
    summary: "Takes a rule that was made here out of force; the next sweep resolves its alerts",
    params: RULE,
    status: 200,
    problems: ["alert_rule.from_file"],
    etag: true,
  },
  backtestAlertRule: {
    method: "POST",
    path: "/alert-rules/backtest",
    summary: "What a rule would have done with the stored history; nothing is stored and nobody is told",
    tag: "alerts",
    who: ["operator"],
    scope: "alerts:read",
    params: {},
    body: backtestAlertRule,
    status: 200,
    problems: [],
  },
  testAlertRule: {
    method: "POST",
    path: "/alert-rules/test",
    summary: "What a rule would have done with these series, in virtual time; nothing is stored and nobody is told",
    tag: "alerts",
    who: ["operator"],
    scope: "alerts:read",
    params: {},
    body: testAlertRule,
    status: 200,
    problems: [],
  },
});
