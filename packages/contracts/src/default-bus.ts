/** What AWS itself tells on the account's default bus, and which queue hears it, as plain as the topology, of which it is a part. */
import { functions } from "./topology.ts";
import type { DefaultBusRow } from "./topology-types.ts";

/** The `detail-type` of what CloudWatch says there when an alarm changes its state. */
export const ALARM_STATE_CHANGE = "CloudWatch Alarm State Change";

/**
 * What the names of a stage's alarms go on with. Two are not among them, as they tell of alerting itself and would be told twice or in a
 * circle: `critical-alerts` and `notification-dead-letters`. The alarms' topic tells of these.
 */
const SUBJECTS = [...functions.map(({ name }) => name), "api"];

export interface AlarmsHeard {
  /** What the names of the stage's own things begin with. */
  own: string;
  /** Names of other alarms of the account that are to be alerts; a star stands for any characters. */
  others: readonly string[];
}

/** The rules on the default bus that let alarms through. */
export function alarmRules({ own, others }: AlarmsHeard): DefaultBusRow[] {
  const rule = (name: string, names: readonly unknown[]): DefaultBusRow => ({
    name,
    source: "aws.cloudwatch",
    event: ALARM_STATE_CHANGE,
    detail: { alarmName: names },
    queue: "alert-on-event",
  });
  const named = others.map((name) => (name.includes("*") ? { wildcard: name } : name));
  return [
    rule(
      "cloudwatch-alarms",
      SUBJECTS.map((subject) => ({ prefix: `${own}${subject}-` })),
    ),
    ...(named.length === 0 ? [] : [rule("cloudwatch-alarms-named", named)]),
  ];
}
