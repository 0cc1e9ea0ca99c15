import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

/** When each stack was changed last, by name. */
export async function stackChanges(): Promise<Record<string, string>> {
  const { Stacks = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({}));
  return Object.fromEntries(
    Stacks.map((stack) => [stack.StackName ?? "", (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? ""]),
  );
}

/** What the account holds, a line for each thing: stacks, tables, queues and parameters. */
export async function holdings(): Promise<string[]> {
  const stacks = Object.keys(await stackChanges());
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  const { QueueUrls = [] } = await new SQSClient({}).send(new ListQueuesCommand({}));
  const { Parameters = [] } = await new SSMClient({}).send(new DescribeParametersCommand({}));
  return [
    ...stacks.map((name) => `stack ${name}`),
    ...TableNames.map((name) => `table ${name}`),
    ...QueueUrls.map((url) => `queue ${url.split("/").at(-1)}`),
    ...Parameters.map((parameter) => `parameter ${parameter.Name}`),
  ];
}

/** Rights that functions lacked, from the stage's logs: a denial may be tried again or reported in a batch, and never reach a caller. */
export async function denials(stage: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient({});
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${stage}-omoios-` }),
  );
  const found = new Set<string>();
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      for (const { message = "" } of page.events ?? []) {
        const [, action] = /is not authorized to perform: (\S+)/.exec(message) ?? [];
        if (action) found.add(`${logGroupName} lacks ${action}`);
      }
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return [...found];
}
