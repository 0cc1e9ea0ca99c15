import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Places } from "@omoios/contracts/places";
import type { DefaultBusRow, TableName } from "@omoios/contracts/topology-types";
import { awsCaller } from "./aws-json.ts";
import { createTables } from "./dynamodb/create-tables.ts";
import { startDynamoDb } from "./dynamodb/start.ts";
import type { Endpoints } from "./environment.ts";
import { type Bus, startBus } from "./events/bus.ts";
import { type BusFaults, busFaults } from "./events/bus-faults.ts";
import { defaultBusRules, topologyRules } from "./events/rules.ts";
import type { Keys } from "./keys.ts";
import { startMails } from "./mails.ts";
import { type Queues, startQueues } from "./sqs/start.ts";

export const STAGE = "local";
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
  faults: BusFaults;
  /** Where mails are kept. */
  mail_endpoint: string;
}

interface ServicesOptions {
  data_dir: string;
  endpoint?: string | undefined;
  /** What is heard of that AWS itself tells; nothing unless given. */
  aws_events?: readonly DefaultBusRow[];
}

/**
 * Starts what stands in for AWS: DynamoDB with the topology's tables, SQS with its queues, the bus with its rules.
 * @param endpoint a DynamoDB server that runs already, if one is to be used
 */
export async function startServices(
  { data_dir, endpoint, aws_events = [] }: ServicesOptions,
  onStop: OnStop,
): Promise<Services> {
  const dynamodb = await startDynamoDb(endpoint ? { endpoint } : { path: join(data_dir, "tables.db") });
  onStop(dynamodb.stop);
  const tables = { state: "omoi-local-state", pulse: "omoi-local-pulse" };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: REGION, credentials });
  await createTables(client, tables);
  client.destroy();
  const queues = await startQueues(REGION);
  onStop(queues.stop);
  const sqs = awsCaller("sqs", queues.endpoint, REGION);
  const [rules, default_rules] = [topologyRules(), defaultBusRules(aws_events)];
  const place = { name: BUS, region: REGION, account: ACCOUNT };
  const faults = busFaults();
  const bus = await startBus({ ...place, rules, default_rules, sqs, queue_urls: queues.urls, faults });
  onStop(bus.stop);
  const mails = await startMails(join(data_dir, "mails"));
  onStop(mails.stop);
  return {
    mail_endpoint: mails.endpoint,
    queues,
    bus,
    faults,
    tables,
    endpoints: { dynamodb: dynamodb.endpoint, sqs: queues.endpoint, events: bus.endpoint },
  };
}

/** Where the functions of this machine find the services and the keys. */
export function placesOf({ tables, queues, mail_endpoint }: Services, { secrets, receiver_secrets }: Keys): Places {
  return {
    stage: STAGE,
    region: REGION,
    tables,
    queue_urls: queues.urls,
    bus: BUS,
    secrets,
    receiver_secrets,
    mail_endpoint,
  };
}
