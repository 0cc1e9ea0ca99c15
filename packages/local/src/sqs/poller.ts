import { setTimeout as sleep } from "node:timers/promises";
import type { Message, MessageAttributeValue, ReceiveMessageResult } from "@aws-sdk/client-sqs";
import type { SQSMessageAttribute, SQSRecord } from "aws-lambda";
import type { AwsCaller } from "../aws-json.ts";
import { failedItems } from "../batch-failures.ts";

export interface QueueReader {
  queue_url: string;
  queue_arn: string;
  region: string;
  batch_size: number;
  sqs: AwsCaller;
  invoke(event: unknown): Promise<unknown>;
  /** Batches worked on at once; Lambda starts with five. */
  concurrency?: number;
  /** How long a message that failed stays away, by the number of its receives, in milliseconds. */
  retryAfterMs?(receives: number): number;
  reportError(error: unknown): void;
}

const WAIT_SECONDS = 20;
const AWAY_MS_AT_MOST = 60_000;

/** Doubles from one second: nobody at one machine wants to wait out a visibility timeout of six minutes. */
const doubling = (receives: number) => Math.min(1000 * 2 ** Math.max(0, receives - 1), AWAY_MS_AT_MOST);

/**
 * Reads a queue for a function as Lambda does: long polls, a batch for an invocation, deletes what succeeded. What failed comes
 * back after a while, until the queue's own rule moves it to the dead letters.
 */
export function startQueueReader(reader: QueueReader): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      if (running.size >= (reader.concurrency ?? 5)) {
        await Promise.race(running);
        continue;
      }
      const messages = await receive(reader, stopping.signal);
      if (messages.length === 0) continue;
      const batch = work(reader, messages).catch(reader.reportError);
      running.add(batch);
      batch.finally(() => running.delete(batch));
    }
    await Promise.all(running);
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function receive(reader: QueueReader, signal: AbortSignal): Promise<Message[]> {
  const wanted = {
    QueueUrl: reader.queue_url,
    MaxNumberOfMessages: reader.batch_size,
    WaitTimeSeconds: WAIT_SECONDS,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  };
  try {
    return (await reader.sqs<ReceiveMessageResult>("ReceiveMessage", wanted, signal)).Messages ?? [];
  } catch (error) {
    if (signal.aborted) return [];
    reader.reportError(error);
    await sleep(1000, undefined, { ref: false });
    return [];
  }
}

async function work(reader: QueueReader, messages: Message[]): Promise<void> {
  const records = messages.map((message) => recordOf(message, reader));
  const failed = await invoke(reader, records);
  const done = records.filter((record) => !failed.has(record.messageId));
  const Entries = done.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }));
  if (Entries.length > 0) await reader.sqs("DeleteMessageBatch", { QueueUrl: reader.queue_url, Entries });
  await Promise.all(records.filter((record) => failed.has(record.messageId)).map((record) => sendAway(reader, record)));
}

async function invoke(reader: QueueReader, records: SQSRecord[]): Promise<ReadonlySet<string>> {
  const identifiers = records.map((record) => record.messageId);
  try {
    return failedItems(await reader.invoke({ Records: records }), identifiers);
  } catch (error) {
    reader.reportError(error);
    return new Set(identifiers);
  }
}

async function sendAway(reader: QueueReader, record: SQSRecord): Promise<void> {
  const awayMs = (reader.retryAfterMs ?? doubling)(Number(record.attributes.ApproximateReceiveCount));
  await reader.sqs("ChangeMessageVisibility", {
    QueueUrl: reader.queue_url,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: Math.round(awayMs / 1000),
  });
}

function recordOf(message: Message, reader: QueueReader): SQSRecord {
  const system = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: {
      ...system,
      ApproximateReceiveCount: system.ApproximateReceiveCount ?? "1",
      SentTimestamp: system.SentTimestamp ?? "",
      SenderId: system.SenderId ?? "",
      ApproximateFirstReceiveTimestamp: system.ApproximateFirstReceiveTimestamp ?? "",
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: reader.queue_arn,
    awsRegion: reader.region,
  };
}

function attributeOf(value: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    // Raw JSON carries bytes as base64 already, which is the form that Lambda hands on.
    ...(value.BinaryValue !== undefined && { binaryValue: String(value.BinaryValue) }),
    dataType: value.DataType ?? "String",
  };
}
