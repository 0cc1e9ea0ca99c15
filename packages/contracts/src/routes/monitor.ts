import * as z from "zod";
import { METRIC_KINDS } from "../metrics.ts";
import { pageOf } from "../shapes/common.ts";
import { table } from "./route.ts";

export const monitorRoutes = table({
  listMetrics: {
    method: "GET",
    path: "/monitor/catalogue",
    summary: "The metrics that rules may name, with their labels and what they mean",
    tag: "monitor",
    who: ["operator"],
    scope: "alerts:read",
    params: {},
    reply: pageOf(
      z.object({ name: z.string(), type: z.enum(METRIC_KINDS), labels: z.array(z.string()), meaning: z.string() }),
    ),
    status: 200,
    problems: [],
  },
});
