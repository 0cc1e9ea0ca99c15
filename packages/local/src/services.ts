import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TableName } from "@omoios/contracts/topology-types";
import { awsCaller } from "./aws-json.ts";
import { createTables } from "./dynamodb/create-tables.ts";
import { startDynamoDb } from "./dynamodb/start.ts";
import type { Endpoints } from "./environment.ts";
import { type Bus, startBus } from "./events/bus.ts";
import { topologyRules } from "./events/rules.ts";
import { startMails } from "./mails.ts";
import { type Queues, startQueues } from "./sqs/start.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";
export const BUS = "omoi-local";

/** Everything that starts hands in at once how it ends. */
export type OnStop = (end: () => unknown) => void;

interface Services {
  endpoints: Endpoints;
  tables: Record<TableName, string>;
  queues: Queues;
  bus: Bus;
  /** Where mails are kept. */
  mail_endpoint: string;
}

/**
 * Starts what stands in for AWS: DynamoDB with the topology's tables, SQS with its queues, the bus with its rules.
 * @param endpoint a DynamoDB server that runs already, if one is to be used
 */
export async function startServices(dataDir: string, endpoint: string | undefined, onStop: OnStop): Promise<Services> {
  const dynamodb = await startDynamoDb(endpoint ? { endpoint } : { path: join(dataDir, "tables.db") });
  onStop(dynamodb.stop);
  const tables = { state: "omoi-local-state", pulse: "omoi-local-pulse" };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: REGION, credentials });
  await createTables(client, tables);
  client.destroy();
  const queues = await startQueues(REGION);
  onStop(queues.stop);
  const sqs = awsCaller("sqs", queues.endpoint, REGION);
  const rules = topologyRules();
  const bus = await startBus({ name: BUS, region: REGION, account: ACCOUNT, rules, sqs, queue_urls: queues.urls });
  onStop(bus.stop);
  const mails = await startMails(join(dataDir, "mails"));
  onStop(mails.stop);
  return {
    mail_endpoint: mails.endpoint,
    queues,
    bus,
    tables,
    endpoints: { dynamodb: dynamodb.endpoint, sqs: queues.endpoint, events: bus.endpoint },
  };
}
