import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Entry } from "@omoios/domain/audit/model";
import type { LogWriter } from "@omoios/domain/audit/ports";
import type { Timers } from "@omoios/domain/store";
import type { Clock } from "@omoios/kernel/clock";
import { messageText } from "@omoios/kernel/message-text";
import { type Bus, publish } from "../messaging/bus.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { entriesOf, timerOf } from "./envelopes.ts";
import { tracedEvents } from "./traced-events.ts";

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
  log: LogWriter;
  bus: Bus;
  timers: Timers;
  sqs: SQSClient;
  parked_queue_url: string;
  clock: Clock;
  /** Records what is relayed; nothing without it. */
  tracing?: () => Tracing | Promise<Tracing>;
}

interface Read {
  record: StreamRecord;
  entries: Entry[];
}

/**
 * Takes a batch of the stream: each event becomes an entry of the log, then goes onto the bus, and what waits gets its timer. All of it
 * may be repeated. A record that cannot be read, or whose event the bus refuses for good, is parked whole and the shard goes on;
 * anything else throws, and the batch comes again.
 */
export async function relay(parts: RelayParts, records: readonly StreamRecord[]): Promise<void> {
  const read: Read[] = [];
  const timers = [];
  for (const record of records) {
    try {
      const item = imageOf(record.dynamodb?.NewImage);
      read.push({ record, entries: entriesOf(item, imageOf(record.dynamodb?.OldImage)) });
      const timer = timerOf(item);
      if (timer !== undefined) timers.push(timer);
    } catch (cause) {
      await park(parts, record, cause);
    }
  }
  const now = parts.clock.now();
  const entries = read.flatMap((each) => each.entries);
  const list = await parts.log.keep(entries, "events");
  const { events, end } = tracedEvents(
    entries.map(({ event }) => event),
    await parts.tracing?.(),
  );
  let refused: ReadonlySet<string> | undefined;
  try {
    const [given_back] = await Promise.all([publish(parts.bus, events), parts.timers.set(timers, now), list()]);
    refused = new Set(given_back.map(({ id }) => id));
  } finally {
    end(refused);
  }
  for (const { record, entries } of read) {
    const bad = entries.find(({ event }) => refused?.has(event.id));
    if (bad !== undefined) await park(parts, record, new Error(`The bus refused ${bad.event.id}`));
  }
}

const imageOf = (image: Record<string, unknown> | undefined) =>
  unmarshall((image ?? {}) as Record<string, AttributeValue>, { wrapNumbers: Number });

async function park({ sqs, parked_queue_url }: RelayParts, record: StreamRecord, cause: unknown): Promise<void> {
  const why = cause instanceof Error ? cause.message : String(cause);
  await sqs.send(new SendMessageCommand({ QueueUrl: parked_queue_url, MessageBody: messageText({ why, record }) }));
}
