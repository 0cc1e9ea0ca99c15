import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Chance } from "../chance.ts";
import type { Process } from "../processes.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Wire, WireRequest, WireResponse } from "./wire.ts";

/** What a command is sent with, so that it goes by the right wire in the right name. */
export interface Sender {
  process: Process;
  wire: Wire;
}

/** How the SDK's retries wait: set for each seed, as the clients outlive it. */
interface Retries {
  time: VirtualTime;
  chance: Chance;
}

/** The real AWS clients of one worker. Only what would go over the network goes elsewhere, and retries wait in virtual time. */
export interface Clients {
  document: DynamoDBDocumentClient;
  sqs: SQSClient;
  bus: EventBridgeClient;
  retryIn(retries: Retries): void;
}

const MOST_TRIES = 4;

/** Makes the clients, and lets each send one request: the first one reads the machine's settings, which takes real time. */
export async function makeClients(): Promise<Clients> {
  let retries: Retries | undefined;
  const settings = settingsWith(() => retries);
  const base = new DynamoDBClient(settings);
  const document = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } });
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const bus = new EventBridgeClient(settings);
  for (const client of [base, document, sqs, bus]) {
    for (const name of UNUSED) client.middlewareStack.remove(name);
  }
  const nowhere = { wire: async () => emptyAnswer } as unknown as object;
  await document.send(new GetCommand({ TableName: "none", Key: { pk: "none" } }), nowhere);
  await sqs.send(new SendMessageCommand({ QueueUrl: "http://simulated/queue/none", MessageBody: "none" }), nowhere);
  await bus.send(new PutEventsCommand({ Entries: [] }), nowhere);
  return {
    document,
    sqs,
    bus,
    retryIn: (given) => {
      retries = given;
    },
  };
}

/** Steps of the SDK that only write headers or logs, which nobody reads here. */
const UNUSED = ["loggerMiddleware", "getUserAgentMiddleware", "recursionDetectionMiddleware", "hostHeaderMiddleware"];

const emptyAnswer: WireResponse = { response: { statusCode: 200, headers: {}, body: Buffer.from("{}") } };

/** No lookup of an endpoint or of credentials, and no signature. */
function settingsWith(retries: () => Retries | undefined) {
  return {
    endpoint: "http://simulated",
    region: "local",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    signer: { sign: async <T>(request: T): Promise<T> => request },
    maxAttempts: MOST_TRIES,
    md5: false as const,
    requestHandler: sender as unknown as NonNullable<DynamoDBClientConfig["requestHandler"]>,
    retryStrategy: strategyOf(retries),
  };
}

const sender = {
  handle: (request: WireRequest, { wire, process }: Sender) => wire(request, process),
  destroy: () => undefined,
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
};

interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** The SDK decides what to repeat and repeats it; how long it waits is drawn from the seed. */
function strategyOf(retries: () => Retries | undefined) {
  const token = (count: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(before: Token, { errorType }: { errorType: string }): Promise<Token> {
      const count = before.getRetryCount() + 1;
      const within = retries();
      if (count >= MOST_TRIES || errorType === "CLIENT_ERROR" || within === undefined)
        throw new Error("Not to be repeated");
      await within.time.sleep(within.chance.random() * 50 * 2 ** count);
      return token(count);
    },
    recordSuccess: () => undefined,
  };
}
