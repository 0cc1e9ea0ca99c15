import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";

const logs = new CloudWatchLogsClient({});

/** Every line of the log groups whose names begin so. */
export async function* logLines(prefix: string, since = 0): AsyncGenerator<{ group: string; message: string }> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  for (const { logGroupName: group = "" } of logGroups) {
    for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName: group, startTime: since })) {
      for (const { message = "" } of page.events ?? []) yield { group, message };
    }
  }
}

/**
 * Rights that functions lacked since a time (ms since the epoch), from their logs: a denial may be tried again or reported in a
 * batch, and never reach a caller.
 */
export async function denials(prefix: string, since = 0): Promise<string[]> {
  const found = new Set<string>();
  for await (const { group, message } of logLines(prefix, since)) {
    const [, action] = /is not authorized to perform: (\S+)/.exec(message) ?? [];
    if (action) found.add(`${group} lacks ${action}`);
  }
  return [...found];
}
