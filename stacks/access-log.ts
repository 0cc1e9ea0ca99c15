import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Stage } from "./plane-stack.ts";

/** The log of who called an API: one line of JSON for each request. */
export function accessLog(scope: Construct, { names, settings }: Stage, api: string, line: Record<string, string>) {
  const log = new LogGroup(scope, "access-log", {
    // Groups with this prefix don't count against the size of the account's policy for delivered logs.
    logGroupName: `/aws/vendedlogs/omoios/${names.stage}/${api}`,
    retention: settings.log_retention_days,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { destination: new LogGroupLogDestination(log), format: AccessLogFormat.custom(JSON.stringify(line)) };
}
