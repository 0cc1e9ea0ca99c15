import { compilePattern } from "@omoios/local/events/pattern";
import { describe, expect, test } from "vitest";
import { ALARM_STATE_CHANGE, alarmRules } from "../../packages/contracts/src/default-bus.ts";
import { dev, prod } from "./stages.ts";
import { ofType, text } from "./synthesized.ts";

const alarmsOf = (resources: typeof dev): string[] =>
  ofType(resources, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => Properties.AlarmName);

/** Rules on the account's default bus, but for the schedules. */
const rules = ofType(dev, "AWS::Events::Rule")
  .map(([, { Properties }]) => Properties)
  .filter(({ EventPattern, EventBusName }) => EventPattern && !EventBusName);

/** What tells of alerting itself: as an alert it would be told twice, or in a circle. */
const OF_ALERTING = ["dev-omoios-critical-alerts", "dev-omoios-notification-dead-letters-not-empty"];

/** EventBridge refuses a longer pattern. */
const PATTERN_LENGTH = 2_048;

describe("what AWS tells on the account's default bus", () => {
  test("reaches the queue of the alerts' consumer whole, or its dead letters", () => {
    const [rule, ...others] = rules;
    expect(others).toEqual([]);
    expect(rule.EventPattern).toMatchObject({ source: ["aws.cloudwatch"], "detail-type": [ALARM_STATE_CHANGE] });
    const [target, ...more] = rule.Targets;
    expect(more).toEqual([]);
    expect(target.InputTransformer).toBeUndefined();
    expect(text(target.Arn)).toMatch(/^<devomoiosalertonevent\w+\.Arn>$/);
    expect(text(target.DeadLetterConfig.Arn)).toMatch(/^<devomoiosalertoneventdlq\w+\.Arn>$/);
  });

  test("is let through where it is of an alarm of the stage, but for those that tell of alerting itself", () => {
    const accepts = compilePattern(rules[0]?.EventPattern);
    const isHeard = (alarmName: string) =>
      accepts({ source: "aws.cloudwatch", "detail-type": ALARM_STATE_CHANGE, detail: { alarmName } });
    const unheard = alarmsOf(dev).filter((name) => !isHeard(name));
    expect(unheard.sort()).toEqual(OF_ALERTING);
    const sibling = alarmsOf(dev).map((name) => name.replace("dev-", "dev-omoios-"));
    expect([...alarmsOf(prod), ...sibling].filter(isHeard)).toEqual([]);
  });

  test("fits into a pattern, however long the stage's name and the names of others' alarms are", () => {
    const others = Array.from({ length: 20 }, (_, n) => `${String.fromCharCode(97 + n).repeat(69)}*`);
    for (const { source, event, detail } of alarmRules({ own: `${"s".repeat(24)}-omoios-`, others })) {
      const pattern = JSON.stringify({ source: [source], "detail-type": [event], detail });
      expect(pattern.length).toBeLessThanOrEqual(PATTERN_LENGTH);
    }
  });
});
