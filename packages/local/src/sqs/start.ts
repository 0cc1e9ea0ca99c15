import { functions, queueReaders, queues, streamReaders } from "@omoios/contracts/topology";
import type { QueueName } from "@omoios/contracts/topology-types";
import { buildApp } from "fauxqs";
import { type AwsCaller, awsCaller } from "../aws-json.ts";

export interface Queues {
  endpoint: string;
  urls: Readonly<Record<QueueName, string>>;
  /** By the queue's name, the URL of its dead-letter queue, for those that have one. */
  dead_letter_urls: Readonly<Partial<Record<QueueName, string>>>;
  /** By the function's name, the URL of the queue that takes the stream records that it gave up. */
  stream_dead_letter_urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** SQS keeps a message invisible for six times as long as its reader may run, as AWS advises. */
const VISIBILITY_FACTOR = 6;

/** Starts SQS in this process on a free port of 127.0.0.1, with the topology's queues and their dead-letter queues. */
export async function startQueues(region: string): Promise<Queues> {
  const app = buildApp({ logger: false, defaultRegion: region });
  // Its own start helper would listen on every interface.
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  const call = awsCaller("sqs", endpoint, region);
  const urls: Partial<Record<QueueName, string>> = {};
  const deadLetterUrls: Partial<Record<QueueName, string>> = {};
  for (const row of queues) {
    const attributes: Record<string, string> = { VisibilityTimeout: String(visibilitySeconds(row.name)) };
    if ("max_receives" in row) {
      const deadLetters = await createQueue(call, `${row.name}-dlq`);
      deadLetterUrls[row.name] = deadLetters.url;
      const policy = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: row.max_receives };
      attributes.RedrivePolicy = JSON.stringify(policy);
    }
    urls[row.name] = (await createQueue(call, row.name, attributes)).url;
  }
  const streamUrls: Record<string, string> = {};
  for (const reader of streamReaders) {
    streamUrls[reader.function] = (await createQueue(call, `${reader.function}-stream-dlq`)).url;
  }
  return {
    endpoint,
    urls: urls as Record<QueueName, string>,
    dead_letter_urls: deadLetterUrls,
    stream_dead_letter_urls: streamUrls,
    stop: () => app.close(),
  };
}

async function createQueue(call: AwsCaller, name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl: url } = await call<{ QueueUrl: string }>("CreateQueue", {
    QueueName: name,
    Attributes: attributes,
  });
  const wanted = { QueueUrl: url, AttributeNames: ["QueueArn"] };
  const { Attributes: found } = await call<{ Attributes: { QueueArn: string } }>("GetQueueAttributes", wanted);
  return { url, arn: found.QueueArn };
}

function visibilitySeconds(queue: QueueName): number {
  const reader = queueReaders.find((row) => row.queue === queue);
  const timeout = functions.find((row) => row.name === reader?.function)?.timeout_seconds ?? 5;
  return VISIBILITY_FACTOR * timeout;
}
