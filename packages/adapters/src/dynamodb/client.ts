import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { onceResolved } from "@omoios/kernel/once";
import { PlainDynamoDbProtocol } from "./plain-json.ts";

/**
 * What does nothing for us on each of thirty requests a task: a logger that writes nothing copies every request and answer, and the user
 * agent and the mark against Lambdas that call themselves are made anew each time.
 */
const IDLE = ["loggerMiddleware", "getUserAgentMiddleware", "recursionDetectionMiddleware"];

/** A document client that leaves out attributes that are `undefined`. Endpoint, region and keys come from the environment unless given. */
export function documentClient(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ maxAttempts: 4, protocol: PlainDynamoDbProtocol, ...config });
  for (const idle of IDLE) client.middlewareStack.remove(idle);
  // The SDK makes a signer for each request. Keys that end are asked for anew by the one signer too, as its key provider tells.
  client.config.signer = onceResolved(client.config.signer);
  // Numbers are doubles on both sides: the table keeps 38 digits, and a double's text has 17 at most.
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true },
    unmarshallOptions: { wrapNumbers: Number },
  });
}

/** The tables of a stage, and how their adapters wait: a simulation waits in its own time. */
export interface Tables {
  client: DynamoDBDocumentClient;
  state: string;
  pulse: string;
  sleep: (ms: number) => Promise<void>;
}

/** Waits on the machine's clock. */
export const systemSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
