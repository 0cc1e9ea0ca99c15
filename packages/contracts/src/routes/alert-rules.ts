import { alertRuleTested, testAlertRule } from "../shapes/alert-rule.ts";
import { table } from "./route.ts";

export const alertRuleRoutes = table({
  testAlertRule: {
    method: "POST",
    path: "/alert-rules/test",
    summary: "What a rule would have done with these series, in virtual time; nothing is stored and nobody is told",
    tag: "alerts",
    who: ["operator"],
    scope: "alerts:read",
    params: {},
    body: testAlertRule,
    reply: alertRuleTested,
    status: 200,
    problems: [],
  },
});
