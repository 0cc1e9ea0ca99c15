import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** Region and credentials as every AWS tool takes them from the environment and the profiles. */
export interface Whereabouts {
  region: string;
  credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;
}

/** @throws where no region is set */
export async function whereabouts(): Promise<Whereabouts> {
  const { config } = new STSClient({});
  const region = await config.region();
  if (region === "") throw new Error("Region is missing");
  return { region, credentials: config.credentials };
}

/** Whose credentials these are. */
export async function identity(): Promise<{ account: string; arn: string }> {
  const { Account = "", Arn = "" } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}

/** The status of a stack; undefined where there is none of this name. */
export async function stackStatus(name: string): Promise<string | undefined> {
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    if (error instanceof Error && error.message.includes("does not exist")) return undefined;
    throw error;
  }
}

/** How many functions may run at once in this account and region, beside what is reserved for single ones. */
export async function functionsAtOnce(): Promise<number> {
  const { AccountLimit } = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
  const limit = AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions;
  if (limit === undefined) throw new Error("Lambda told no limit");
  return limit;
}
