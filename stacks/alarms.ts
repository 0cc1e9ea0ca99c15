import { type App, Duration } from "aws-cdk-lib";
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { functions, schedules, streamReaders } from "../packages/contracts/src/topology.ts";
import type { FunctionName, ScheduleRow } from "../packages/contracts/src/topology-types.ts";
import type { ApiStack } from "./api.ts";
import { alarmArn } from "./arns.ts";
import { lastQueues } from "./last-queues.ts";
import { apiMetric, functionMetric, planeMetric, queueMetric } from "./metrics.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

const STREAM_LAG_MS = 5 * 60 * 1000;

/** What wakes a person: lost messages, a lagging stream, functions that throw, an API that fails, and a clock that stands still. */
export class AlarmsStack extends PlaneStack {
  private readonly topic: Topic;

  constructor(app: App, stage: Stage, { api }: ApiStack) {
    super(app, stage, "alarms", "alarms and whom they reach");
    this.topic = this.addTopic();
    const emails = new Set(Object.values(stage.settings.receivers).map(({ email }) => email));
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    for (const queue of lastQueues(stage.names)) this.alarmOnMessages(queue);
    for (const row of streamReaders) this.alarmOnLag(row.function);
    for (const row of functions) this.alarmOnErrors(row.name);
    for (const row of schedules) this.alarmOnSilence(row);
    this.alarmOnFaults(api.apiId);
    this.alarmOnCriticalAlerts();
  }

  /**
   * A function that answers with a fault has not thrown, so that what callers get is looked at by itself. Each request counts as 0 or 1, so
   * that the average is the share.
   */
  private alarmOnFaults(api: string): void {
    this.addAlarm(this.stage.names.only("api-errors"), {
      alarmDescription: "More than one request in a hundred was answered with a fault for ten minutes",
      metric: apiMetric(api, "5xx", "Average", Duration.minutes(5)),
      threshold: 0.01,
      evaluationPeriods: 2,
    });
  }

  /** The plane's own alerts, should nobody hear of them otherwise. It tells a figure that has changed: what is missing is as it was. */
  private alarmOnCriticalAlerts(): void {
    const { names } = this.stage;
    const of = { severity: "critical" };
    this.addAlarm(names.only("critical-alerts"), {
      alarmDescription: "Critical alerts of the plane are active: omoi alert list says which",
      metric: planeMetric(names.stage, "alerts_active", "Maximum", Duration.minutes(1), of),
      threshold: 0,
      treatMissingData: TreatMissingData.IGNORE,
    });
  }

  /** Its policy, which asks for TLS, replaces the one that SNS gives a topic by itself, so it must let alarms in again. */
  private addTopic(): Topic {
    const { names } = this.stage;
    const topic = new Topic(this, "topic", { topicName: names.only("alarms"), enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { ArnLike: { "aws:SourceArn": alarmArn(this, names.only("*")) } },
      }),
    );
    return topic;
  }

  private alarmOnMessages(queue: string): void {
    this.addAlarm(`${queue}-not-empty`, {
      alarmDescription: `${queue} holds messages that could not be handled: read one, mend the cause, send it again`,
      metric: queueMetric(queue, "ApproximateNumberOfMessagesVisible", "Maximum", Duration.minutes(1)),
      threshold: 0,
    });
  }

  private alarmOnLag(reader: FunctionName): void {
    const name = this.stage.names.function(reader);
    this.addAlarm(`${name}-lags`, {
      alarmDescription: `${name} is more than five minutes behind the table's stream`,
      metric: functionMetric(name, "IteratorAge", "Maximum", Duration.minutes(1)),
      threshold: STREAM_LAG_MS,
    });
  }

  private alarmOnErrors(fn: FunctionName): void {
    const name = this.stage.names.function(fn);
    this.addAlarm(`${name}-errors`, {
      alarmDescription: `${name} threw or ran out of time: its log says where`,
      metric: functionMetric(name, "Errors", "Sum", Duration.minutes(5)),
      threshold: 0,
    });
  }

  /** No figure at all is the fault that this one looks for: the clock that starts the function has stopped. */
  private alarmOnSilence({ function: fn, silent_after_minutes }: ScheduleRow): void {
    const name = this.stage.names.function(fn);
    this.addAlarm(`${name}-silent`, {
      alarmDescription: `${name} did not run for ${silent_after_minutes} minutes`,
      metric: functionMetric(name, "Invocations", "Sum", Duration.minutes(silent_after_minutes / 2)),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private addAlarm(name: string, props: Omit<AlarmProps, "evaluationPeriods"> & { evaluationPeriods?: number }): void {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      alarmName: name,
    });
    const notify = new SnsAction(this.topic);
    alarm.addAlarmAction(notify);
    alarm.addOkAction(notify);
  }
}
