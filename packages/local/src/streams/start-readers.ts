import { setTimeout as sleep } from "node:timers/promises";
import type { Places } from "@omoios/contracts/places";
import { streamReaders } from "@omoios/contracts/topology";
import type { FunctionName } from "@omoios/contracts/topology-types";
import type { AwsCaller } from "../aws-json.ts";
import type { LocalFunction } from "../invoke.ts";
import { reporter } from "../report.ts";
import type { Delivery } from "./deliver.ts";
import { failureNote } from "./parked.ts";
import { tablePosition } from "./position.ts";
import { type StreamReader, startStreamReader } from "./stream-reader.ts";

export interface StreamWiring {
  places: Places;
  dynamodb: AwsCaller;
  streams: AwsCaller;
  sqs: AwsCaller;
  /** By the function's name, where the notes on given-up records go. */
  dead_letter_urls: Readonly<Record<string, string>>;
  functionOf(name: FunctionName): LocalFunction;
}

/** Starts the topology's stream readers. Their positions are rows of the table `pulse`. */
export async function startStreamReaders(wiring: StreamWiring): Promise<StreamReader[]> {
  return Promise.all(
    streamReaders.map(async (row) => {
      const reader = wiring.functionOf(row.function);
      const streamArn = await streamOf(wiring.dynamodb, wiring.places.tables[row.table]);
      return startStreamReader({
        streams: wiring.streams,
        stream_arn: streamArn,
        region: wiring.places.region,
        filters: row.filters,
        batch_size: row.batch_size,
        window_ms: row.window_seconds * 1000,
        parallel: row.parallel,
        reportError: reporter(row.function),
        position: (shard) => tablePosition(wiring.dynamodb, wiring.places.tables.pulse, row.function, shard),
        delivery: (shard, stopping) => deliveryTo(reader, row, { streamArn, shard, stopping }, wiring),
      });
    }),
  );
}

interface Origin {
  streamArn: string;
  shard: string;
  stopping: AbortSignal;
}

function deliveryTo(
  reader: LocalFunction,
  row: (typeof streamReaders)[number],
  { streamArn, shard, stopping }: Origin,
  { sqs, dead_letter_urls }: StreamWiring,
): Delivery {
  return {
    invoke: (records) => reader.invoke({ Records: records }),
    park: async (records, why, invocations) => {
      const place = { function_arn: reader.arn, stream_arn: streamArn, shard, now: Date.now() };
      const note = {
        QueueUrl: dead_letter_urls[row.function],
        MessageBody: failureNote(records, why, invocations, place),
      };
      await sqs("SendMessage", note);
    },
    pause: (tries) => sleep(Math.min(100 * 2 ** tries, 10_000), undefined, { signal: stopping }),
    reportError: reporter(row.function),
    now: Date.now,
    retries: row.retries,
    max_age_ms: row.max_age_seconds * 1000,
  };
}

async function streamOf(dynamodb: AwsCaller, table: string): Promise<string> {
  type Answer = { Table: { LatestStreamArn?: string } };
  const { LatestStreamArn } = (await dynamodb<Answer>("DescribeTable", { TableName: table })).Table;
  if (LatestStreamArn === undefined) throw new Error(`Table ${table} has no stream`);
  return LatestStreamArn;
}
