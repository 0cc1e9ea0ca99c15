import { Stack, Token, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Findings of cdk-nag that we stand by, each with its reason. Any other finding fails `npm run synth`. */
const REASONS = {
  "AwsSolutions-L1":
    "nodejs22.x is the oldest runtime that the project is tested on and AWS still supports; the runtime is raised on purpose, with the versions that CI runs.",
  "AwsSolutions-APIG4":
    "The plane authenticates every route itself, by operator key or agent token, and answers in its own problem format; an authorizer before it would read the key a second time.",
  "AwsSolutions-SQS3":
    "This queue is a last one itself: what lies in it was given up by a reader, or waits for whoever drains it elsewhere.",
} as const;

/** Acknowledges one rule for a construct and what is under it. */
export function acknowledge(construct: IConstruct, rule: keyof typeof REASONS): void {
  Validations.of(construct).acknowledge({ id: rule, reason: REASONS[rule] });
}

/** Acknowledges the one wildcard in a function's rights: the streams of its own log group. */
export function acknowledgeLogStreams(role: IConstruct, group: string): void {
  const { region, account } = Stack.of(role);
  const logs = `arn:<AWS::Partition>:logs:${shown(region, "Region")}:${shown(account, "AccountId")}`;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${logs}:log-group:${group}:log-stream:*]`,
    reason: "A log stream is named by the container that opens it; the right ends at the function's own log group.",
  });
}

/** Acknowledges that a function may send on every connection of a WebSocket API, whose id is imported by this name. */
export function acknowledgeConnections(role: IConstruct, api: string, stage: string): void {
  const { region, account } = Stack.of(role);
  const owner = `arn:<AWS::Partition>:execute-api:${shown(region, "Region")}:${shown(account, "AccountId")}`;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${owner}:${api}/${stage}/POST/@connections/*]`,
    reason: "A connection is named by API Gateway when a client opens it; the right ends at this API, and at sending.",
  });
}

/** Acknowledges that a function may write any file under its stage's own prefix of a bucket. */
export function acknowledgeFiles(role: IConstruct, bucket: string, prefix: string): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket}/${prefix}*]`,
    reason: "A file is named after what is in it; the right ends at the stage's own prefix, and at writing.",
  });
}

/** How cdk-nag writes a value that is known only when it is deployed. */
const shown = (value: string, parameter: string) => (Token.isUnresolved(value) ? `<AWS::${parameter}>` : value);
