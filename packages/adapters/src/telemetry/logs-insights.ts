import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";

export interface InsightsQuery {
  log_groups: readonly string[];
  /** Texts that a line must hold, such as ids: letters, digits, hyphens and underscores. */
  holds: readonly string[];
  /** In ms since 1970. */
  from: number;
  to: number;
  sleep: (ms: number) => Promise<void>;
}

/** A line as Logs Insights found it. */
interface FoundLine {
  /** Names the line, in any query. */
  ptr: string;
  message: string;
}

/** As many lines as one query gives. */
const MOST_LINES = 10_000;
const LOOK_EVERY_MS = 500;
const WORD = /^[\w-]+$/;

/** The newest lines that there are, oldest first. */
export interface Found {
  lines: FoundLine[];
  /** Older lines matched too, and are left out. */
  more: boolean;
}

/** Reads lines of log groups by Logs Insights, the newest 10,000. Throws where the query fails, and what AWS refuses. */
export async function insights(
  client: CloudWatchLogsClient,
  { log_groups, holds, from, to, sleep }: InsightsQuery,
): Promise<Found> {
  const wrong = holds.find((text) => !WORD.test(text));
  if (wrong !== undefined) throw new Error(`${wrong} is no id: it may hold letters, digits, hyphens and underscores`);
  const filters = holds.map((text) => `| filter @message like "${text}" `).join("");
  const { queryId } = await client.send(
    new StartQueryCommand({
      logGroupNames: [...log_groups],
      startTime: Math.floor(from / 1000),
      endTime: Math.ceil(to / 1000),
      limit: MOST_LINES,
      queryString: `fields @message ${filters}| sort @timestamp desc`,
    }),
  );
  for (;;) {
    const { status, results = [], statistics } = await client.send(new GetQueryResultsCommand({ queryId }));
    if (status === "Complete") {
      const more = results.length >= MOST_LINES || (statistics?.recordsMatched ?? 0) > results.length;
      return { lines: results.map(lineOf).reverse(), more };
    }
    if (status !== "Scheduled" && status !== "Running") throw new Error(`Logs Insights ended with ${status}`);
    await sleep(LOOK_EVERY_MS);
  }
}

export const logsClient = (): CloudWatchLogsClient => new CloudWatchLogsClient({});

function lineOf(fields: ResultField[]): FoundLine {
  const value = (name: string) => fields.find(({ field }) => field === name)?.value ?? "";
  return { ptr: value("@ptr"), message: value("@message") };
}
