import { type App, Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { schedules } from "../packages/contracts/src/topology.ts";
import { planeFunction } from "./plane-function.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

/** What runs by the clock. */
export class SchedulesStack extends PlaneStack {
  constructor(app: App, stage: Stage) {
    super(app, stage, "schedules", "what runs by the clock");
    for (const row of schedules) {
      const target = planeFunction(this, stage, row.function);
      // The next run does what a failed one left, so a late repetition would only do it twice.
      target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
      new Rule(this, `schedule-${row.name}`, {
        ruleName: stage.names.only(`schedule-${row.name}`),
        schedule: Schedule.expression(row.expression),
        targets: [new LambdaFunction(target, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
      });
    }
  }
}
