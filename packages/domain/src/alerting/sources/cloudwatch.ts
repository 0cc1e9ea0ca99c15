import { fromRfc3339 } from "@omoios/kernel/clock";
import * as z from "zod";
import type { AlertSignal } from "../signal.ts";

/** What of a "CloudWatch Alarm State Change" on the default bus is read. */
export const alarmStateChange = z.looseObject({
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  account: z.string(),
  region: z.string(),
  time: z.string(),
  detail: z.looseObject({
    alarmName: z.string(),
    state: z.looseObject({
      value: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
      reason: z.string().default(""),
      timestamp: z.string().optional(),
    }),
    configuration: z.looseObject({ description: z.string().optional() }).optional(),
  }),
});
export type AlarmStateChange = z.infer<typeof alarmStateChange>;

/** What an alarm of CloudWatch says; nothing where it lacks data, as that is neither. */
export function alarmSignal({ account, region, time, detail }: AlarmStateChange): AlertSignal | undefined {
  const { alarmName, state, configuration } = detail;
  const at = momentOf(state.timestamp) ?? momentOf(time);
  if (state.value === "INSUFFICIENT_DATA" || at === undefined) return undefined;
  const { description } = configuration ?? {};
  return {
    alertname: "cloudwatch_alarm",
    labels: { alarm_name: alarmName, account, region },
    status: state.value === "ALARM" ? "firing" : "resolved",
    severity: "error",
    annotations: { summary: `${alarmName}: ${state.reason}`, ...(description === undefined ? {} : { description }) },
    at,
    routing: [],
    deduplication_window_ms: 0,
  };
}

/** CloudWatch writes an offset without its colon. */
const momentOf = (text = "") => fromRfc3339(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
