import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
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

/** What a deployed stack put out, such as the API's id. */
export async function outputOf(stack: string, output: string): Promise<string> {
  const { Stacks = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stack }));
  const found = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (!found) throw new Error(`The stack ${stack} has no output "${output}".`);
  return found;
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
