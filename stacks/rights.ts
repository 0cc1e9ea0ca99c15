import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { tables } from "../packages/contracts/src/tables.ts";
import type { Grant, TableName } from "../packages/contracts/src/topology-types.ts";
import { busArn, connectionsArn, filesArn, identityArns, indexArn, parameterArn, queueArn, tableArn } from "./arns.ts";
import type { Names } from "./names.ts";
import type { Settings } from "./settings.ts";

const READ_ITEMS = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const WRITE_ITEMS = [
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });

/** What of a stage its rights name. */
interface Rightful {
  names: Names;
  settings: Pick<Settings, "audit_bucket" | "mail_from">;
  /** Names of the secrets that the receivers of alerts are configured with. */
  receiver_secrets: readonly string[];
}

/** The statements that let a function do what one of its grants says, and nothing beside it. */
export function statementsOf(
  scope: Construct,
  grant: Grant,
  { names, settings, receiver_secrets }: Rightful,
): PolicyStatement[] {
  if ("table" in grant) return grant.actions.flatMap((action) => tableStatements(scope, grant.table, action, names));
  if ("queue" in grant) return [allow(["sqs:SendMessage"], [queueArn(scope, names.queue(grant.queue))])];
  if ("bus" in grant) return [allow(["events:PutEvents"], [busArn(scope, names.only(grant.bus))])];
  if ("socket" in grant) {
    if (!grant.actions.includes("send")) return [];
    return [allow(["execute-api:ManageConnections"], [connectionsArn(scope, names, grant.socket)])];
  }
  if ("bucket" in grant) {
    if (settings.audit_bucket === null) return [];
    return [allow(["s3:PutObject"], [filesArn(scope, settings.audit_bucket, names.files(grant.bucket))])];
  }
  if ("mail" in grant) {
    const { mail_from } = settings;
    return mail_from === undefined ? [] : [allow(["ses:SendRawEmail"], identityArns(scope, mail_from))];
  }
  if ("receivers" in grant) {
    const arns = receiver_secrets.map((name) => parameterArn(scope, `${names.secrets}${name}`));
    return arns.length === 0 ? [] : [allow(["ssm:GetParameter"], arns)];
  }
  // The key policy of aws/ssm lets whoever may read a parameter decrypt it through SSM, so no right on a key is granted.
  return [allow(["ssm:GetParameter"], [parameterArn(scope, names.secret(grant.secret))])];
}

function tableStatements(scope: Construct, name: TableName, action: "read" | "write", names: Names): PolicyStatement[] {
  const table = tableArn(scope, names.table(name));
  if (action === "write") return [allow(WRITE_ITEMS, [table])];
  const indexes = tables.filter((row) => row.name === name).flatMap((row) => row.indexes.map((index) => index.name));
  const arns = indexes.map((index) => indexArn(scope, names.table(name), index));
  return [allow(READ_ITEMS, [table]), ...(arns.length > 0 ? [allow(["dynamodb:Query"], arns)] : [])];
}

/** What Lambda needs to take messages from a queue in the function's name. */
export const readQueue = (arn: string) =>
  allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], [arn]);

/** What Lambda needs to follow a table's stream in the function's name. */
export const readStream = (arn: string) =>
  allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], [arn]);

/** What Lambda needs to say where in the stream it gave up. */
export const sendTo = (arn: string) => allow(["sqs:SendMessage"], [arn]);

/** The log group is made by the stack, so a function only adds streams and lines. */
export const writeLogs = (streams: string) => allow(["logs:CreateLogStream", "logs:PutLogEvents"], [streams]);
