import { describe, expect, test } from "vitest";
import { functions, schedules, streamReaders } from "../../packages/contracts/src/topology.ts";
import { dev } from "./stages.ts";
import { arn, ofType, text } from "./synthesized.ts";

const alarms = ofType(dev, "AWS::CloudWatch::Alarm").map(([, alarm]) => alarm.Properties);

const alarmOn = (metric: string, name: string) =>
  alarms.find((alarm) => alarm.MetricName === metric && alarm.Dimensions[0].Value === `dev-omoios-${name}`);

describe("alarms", () => {
  test.each(functions)("$name throwing raises one", ({ name }) => {
    expect(alarmOn("Errors", name)).toMatchObject({
      Namespace: "AWS/Lambda",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
    });
  });

  test.each(streamReaders)("$function five minutes behind the stream raises one", (row) => {
    expect(alarmOn("IteratorAge", row.function)).toMatchObject({
      Statistic: "Maximum",
      Threshold: 300_000,
      ComparisonOperator: "GreaterThanThreshold",
    });
  });

  test.each(schedules)("$function that does not run raises one, by having no figures", (row) => {
    expect(alarmOn("Invocations", row.function)).toMatchObject({
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    });
  });

  test("stand on the share of requests that are answered with a fault, which no function throws for", () => {
    expect(alarms.find(({ AlarmName }) => AlarmName === "dev-omoios-api-errors")).toMatchObject({
      Namespace: "AWS/ApiGateway",
      MetricName: "5xx",
      Dimensions: [{ Name: "ApiId" }],
      Statistic: "Average",
      Threshold: 0.01,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 2,
      TreatMissingData: "notBreaching",
    });
  });

  test("stand on notifications that were given up, which the dashboard shows too", () => {
    const metric = "ApproximateNumberOfMessagesVisible";
    expect(alarmOn(metric, "notification-dead-letters")).toMatchObject({
      Statistic: "Maximum",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
    });
    const [[, board] = ["", undefined]] = ofType(dev, "AWS::CloudWatch::Dashboard");
    expect(JSON.stringify(board)).toContain("dev-omoios-notification-dead-letters");
  });

  test("stand on what the plane says of its critical alerts, and stay where they were while it says nothing", () => {
    const [alarm] = alarms.filter(({ MetricName }) => MetricName === "alerts_active");
    expect(alarm).toMatchObject({
      Namespace: "OmoiOS",
      Dimensions: expect.arrayContaining([
        { Name: "stage", Value: "dev" },
        { Name: "severity", Value: "critical" },
      ]),
      TreatMissingData: "ignore",
    });
  });

  test("tell the stage's topic when they start and when they are over", () => {
    const [[topic] = [""]] = ofType(dev, "AWS::SNS::Topic");
    const target = [{ Ref: topic.split("/")[1] }];
    for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: target, OKActions: target });
  });

  test("are let in by the topic, whose policy has taken the place of the usual one", () => {
    const [[, policy] = ["", undefined]] = ofType(dev, "AWS::SNS::TopicPolicy");
    const { Statement } = policy?.Properties.PolicyDocument ?? {};
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({ Action: "sns:Publish", Principal: { Service: "cloudwatch.amazonaws.com" } });
    const from = text(allowed[0].Condition.ArnLike["aws:SourceArn"]);
    expect(from).toBe(arn("cloudwatch", "alarm:dev-omoios-*"));
    for (const { AlarmName } of alarms) expect(AlarmName).toMatch(/^dev-omoios-/);
  });
});
