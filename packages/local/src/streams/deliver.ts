import type { DynamoDBRecord } from "aws-lambda";
import { failedItems } from "../batch-failures.ts";

export type GivenUp = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export interface Delivery {
  invoke(records: readonly DynamoDBRecord[]): Promise<unknown>;
  /** Takes note of records that are given up; they are not tried again after it. */
  park(records: readonly DynamoDBRecord[], why: GivenUp, invocations: number): Promise<void>;
  /** Waits before the next try of the same records. @throws when the plane stops. */
  pause(triesMade: number): Promise<void>;
  reportError(error: unknown): void;
  now(): number;
  /** Tries after the first. */
  retries: number;
  max_age_ms: number;
}

interface Part {
  records: readonly DynamoDBRecord[];
  tries: number;
}

/**
 * Brings a batch to its function, in order, as Lambda does with bisection and reported failures: what comes before the first failed
 * record is done, the rest is tried again; a batch that fails at its head is split in two, which costs no try; a single record that
 * goes on failing is parked. Unlike Lambda it tries a record once however old it is, because this machine may have been off.
 */
export async function deliver(batch: readonly DynamoDBRecord[], delivery: Delivery): Promise<void> {
  const parts: Part[] = [{ records: batch, tries: 0 }];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { records, tries } = part;
    const failedAt = await tryOnce(records, delivery);
    if (failedAt === undefined) continue;
    const why = failedAt > 0 || records.length > 1 ? undefined : reasonToGiveUp(records, tries, delivery);
    if (failedAt > 0) {
      parts.unshift({ records: records.slice(failedAt), tries: 0 });
    } else if (records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      parts.unshift({ records: records.slice(0, middle), tries: 0 }, { records: records.slice(middle), tries: 0 });
    } else if (why !== undefined) {
      await delivery.park(records, why, tries + 1);
    } else {
      await delivery.pause(tries);
      parts.unshift({ records, tries: tries + 1 });
    }
  }
}

/** The place of the first record that failed; `undefined` when all went well. */
async function tryOnce(records: readonly DynamoDBRecord[], delivery: Delivery): Promise<number | undefined> {
  const sequences = records.map(sequenceOf);
  try {
    const failed = failedItems(await delivery.invoke(records), sequences);
    const place = sequences.findIndex((sequence) => failed.has(sequence));
    return place < 0 ? undefined : place;
  } catch (error) {
    delivery.reportError(error);
    return 0;
  }
}

function reasonToGiveUp(records: readonly DynamoDBRecord[], tries: number, delivery: Delivery): GivenUp | undefined {
  if (tries >= delivery.retries) return "RetryAttemptsExhausted";
  const createdMs = arrivedAt(records[0]) * 1000;
  return delivery.now() - createdMs > delivery.max_age_ms ? "RecordAgeExceeded" : undefined;
}

export const sequenceOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber ?? "";

/** Seconds since the epoch. */
export const arrivedAt = (record: DynamoDBRecord | undefined) => record?.dynamodb?.ApproximateCreationDateTime ?? 0;
