import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Envelope } from "@omoios/contracts/events";
import type { Timers } from "@omoios/domain/store";
import type { Clock } from "@omoios/kernel/clock";
import type { Tables } from "../dynamodb/client.ts";
import { writeLog } from "../dynamodb/event-log.ts";
import { type Bus, publish } from "../messaging/bus.ts";
import { envelopesOf, timerOf } from "./envelopes.ts";

/** What the relay reads of a stream record. */
export interface StreamRecord {
  dynamodb?:
    | {
        NewImage?: Record<string, unknown> | undefined;
        OldImage?: Record<string, unknown> | undefined;
        SequenceNumber?: string | undefined;
      }
    | undefined;
}

export interface RelayParts {
  tables: Tables;
  bus: Bus;
  timers: Timers;
  sqs: SQSClient;
  parked_queue_url: string;
  clock: Clock;
  retention_days: number;
}

interface Read {
  record: StreamRecord;
  envelopes: Envelope[];
}

/**
 * Takes a batch of the stream: each event becomes a row of the log, then goes onto the bus, and what waits gets its timer. All of it
 * may be repeated. A record that cannot be read, or whose event the bus refuses for good, is parked whole and the shard goes on;
 * anything else throws, and the batch comes again.
 */
export async function relay(parts: RelayParts, records: readonly StreamRecord[]): Promise<void> {
  const read: Read[] = [];
  const timers = [];
  for (const record of records) {
    try {
      const item = unmarshall((record.dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
      read.push({ record, envelopes: envelopesOf(item) });
      const timer = timerOf(item);
      if (timer !== undefined) timers.push(timer);
    } catch (cause) {
      await park(parts, record, cause);
    }
  }
  const now = parts.clock.now();
  const events = read.flatMap(({ envelopes }) => envelopes);
  await writeLog(parts.tables, events, now, parts.retention_days);
  const [refused] = await Promise.all([publish(parts.bus, events), parts.timers.set(timers, now)]);
  for (const { record, envelopes } of read) {
    const bad = envelopes.find((event) => refused.includes(event));
    if (bad !== undefined) await park(parts, record, new Error(`The bus refused ${bad.id}`));
  }
}

async function park({ sqs, parked_queue_url }: RelayParts, record: StreamRecord, cause: unknown): Promise<void> {
  const why = cause instanceof Error ? cause.message : String(cause);
  await sqs.send(new SendMessageCommand({ QueueUrl: parked_queue_url, MessageBody: JSON.stringify({ why, record }) }));
}
