import type { AlarmStateChange } from "@omoios/contracts/shapes/cloudwatch-alarm";
import type { AlertSignal } from "../signal.ts";

/**
 * What an alarm of CloudWatch says; nothing where it lacks data, as that is neither. It says so once, when its state changes: resolved by
 * hand, the alert stays so until the alarm goes off again, and the one of an alarm that was deleted can be ended.
 */
export function alarmSignal({ account, region, time, detail }: AlarmStateChange): AlertSignal | undefined {
  const { alarmName, state, configuration } = detail;
  if (state.value === "INSUFFICIENT_DATA") return undefined;
  const description = configuration?.description ?? "";
  return {
    alertname: "cloudwatch_alarm",
    labels: { alarm_name: alarmName, account, region },
    status: state.value === "ALARM" ? "firing" : "resolved",
    severity: "error",
    annotations: { summary: `${alarmName}: ${state.reason}`, ...(description === "" ? {} : { description }) },
    at: state.timestamp ?? time,
    routing: [],
    deduplication_window_ms: 0,
    once: true,
  };
}
