import { streamReaders } from "@omoios/contracts/topology";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { awsCaller } from "../aws-json.ts";
import type { Delivery } from "./deliver.ts";
import { tablePosition } from "./position.ts";
import { startStreamReader } from "./stream-reader.ts";

export const REGION = "us-east-1";

/** What a reader did so far. */
export interface Reading {
  batches: DynamoDBRecord[][];
  parked: DynamoDBRecord[];
  names(): string[];
  stop(): Promise<void>;
}

/** What the handler answers to a batch. */
export type Answer = (records: DynamoDBRecord[]) => unknown;

export interface StreamSetting {
  batch_size?: number;
  parallel?: number;
  /** What the wait before a second try waits for. */
  pause?: Promise<void>;
}

/** Reads the stream of a table from its position in the other one, as the relay does, with a handler given by the test. */
export async function readStream(
  endpoint: string,
  names: { state: string; pulse: string },
  answer: Answer = () => undefined,
  setting: StreamSetting = {},
): Promise<Reading> {
  const dynamodb = awsCaller("dynamodb", endpoint, REGION, "k");
  type Found = { Table: { LatestStreamArn: string } };
  const { LatestStreamArn } = (await dynamodb<Found>("DescribeTable", { TableName: names.state })).Table;
  const batches: DynamoDBRecord[][] = [];
  const parked: DynamoDBRecord[] = [];
  const delivery: Delivery = {
    invoke: async (records) => {
      const event: DynamoDBStreamEvent = { Records: [...records] };
      batches.push(event.Records);
      return answer(event.Records);
    },
    park: async (records) => {
      parked.push(...records);
    },
    pause: async () => {
      await setting.pause;
    },
    reportError: () => undefined,
    now: Date.now,
    retries: 3,
    max_age_ms: 3_600_000,
  };
  const { stop } = startStreamReader({
    streams: awsCaller("streams", endpoint, REGION, "k"),
    stream_arn: LatestStreamArn,
    region: REGION,
    filters: streamReaders[0].filters,
    batch_size: 100,
    window_ms: 0,
    parallel: 1,
    ...setting,
    position: (shard) => tablePosition(dynamodb, names.pulse, "relay", shard),
    delivery: () => delivery,
    reportError: (error) => {
      throw error;
    },
  });
  return { batches, parked, stop, names: () => batches.flat().map(nameOf) };
}

export const nameOf = (record: DynamoDBRecord) => record.dynamodb?.Keys?.pk?.S ?? "";
/** The answer that reports one record as failed. */
export const failed = (record: DynamoDBRecord | undefined) => ({
  batchItemFailures: record ? [{ itemIdentifier: record.dynamodb?.SequenceNumber }] : [],
});
