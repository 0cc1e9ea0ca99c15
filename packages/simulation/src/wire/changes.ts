import { isDeepStrictEqual } from "node:util";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Instant } from "@omoios/kernel/clock";
import { ask, type Emulator } from "./emulator.ts";

export type Image = Record<string, AttributeValue>;

/** A record of the state table's stream, as the emulator gives it. */
export interface StreamEntry {
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  dynamodb: { Keys: Image; NewImage?: Image; OldImage?: Image; SequenceNumber: string };
}

/** One committed change of one item. */
export interface Change {
  /** Position among all changes of the run: the order of commits. */
  order: number;
  at: Instant;
  key: string;
  /** How long indexes and weak reads go on showing what was before, in milliseconds. */
  lag_ms: number;
  entry: StreamEntry;
}

/** All that was ever committed to the state table, as its real stream tells it. */
export interface Changes {
  readonly all: readonly Change[];
  /** Reads from the stream what the last request changed. Throws where it does not tell what answers told before. */
  pull(now: Instant): Promise<void>;
  /** Takes what one request made of one item, as it or its answer tells: the item's image, or nothing of one that went. */
  take(Keys: Image, NewImage: Image | undefined, now: Instant): void;
  /** Items as they stand, by key. */
  readonly current: ReadonlyMap<string, Image>;
}

export const keyText = (keys: Image): string => `${keys.pk?.S}|${keys.sk?.S}`;

export const plain = (image: Image | undefined): Record<string, unknown> | undefined =>
  image === undefined ? undefined : unmarshall(image, { wrapNumbers: Number });

/** @param lagOf draws how late indexes see a change */
export async function changesOf(
  emulator: Emulator,
  table: string,
  lagOf: () => number,
  seen: (change: Change) => void,
): Promise<Changes> {
  let iterator = await firstIterator(emulator, table);
  const all: Change[] = [];
  const current = new Map<string, Image>();
  /** What answers told and the stream has not yet. */
  const told: StreamEntry[] = [];

  const add = ({ eventName, dynamodb }: StreamEntry, now: Instant): StreamEntry => {
    const order = all.length;
    // The emulator numbers all tables in one row; a seed's own numbers stay the same when it is run again.
    const entry = { eventName, dynamodb: { ...dynamodb, SequenceNumber: String(order).padStart(12, "0") } };
    const key = keyText(dynamodb.Keys);
    const change = { order, at: now, key, lag_ms: lagOf(), entry };
    if (dynamodb.NewImage === undefined) current.delete(key);
    else current.set(key, dynamodb.NewImage);
    all.push(change);
    seen(change);
    return entry;
  };

  return {
    all,
    current,
    async pull(now) {
      type Page = { Records: StreamEntry[]; NextShardIterator: string };
      const page = await ask<Page>(emulator, "DynamoDBStreams_20120810.GetRecords", { ShardIterator: iterator });
      iterator = page.NextShardIterator;
      for (const record of page.Records) {
        const before = told.shift();
        if (before === undefined) add(record, now);
        else if (!saysTheSame(record, before))
          throw new Error(`The stream says ${JSON.stringify(record)}, and before it was ${JSON.stringify(before)}`);
      }
      if (told.length > 0) throw new Error(`The stream does not tell ${JSON.stringify(told[0])}`);
    },
    take(Keys, NewImage, now) {
      const OldImage = current.get(keyText(Keys));
      // One that was not there leaves nothing in the stream.
      if (NewImage === undefined && OldImage === undefined) return;
      const eventName = NewImage === undefined ? "REMOVE" : OldImage === undefined ? "INSERT" : "MODIFY";
      const images = {
        ...(NewImage === undefined ? {} : { NewImage }),
        ...(OldImage === undefined ? {} : { OldImage }),
      };
      told.push(add({ eventName, dynamodb: { Keys, ...images, SequenceNumber: "" } }, now));
    },
  };
}

function saysTheSame(one: StreamEntry, other: StreamEntry): boolean {
  const said = ({ eventName, dynamodb: { Keys, NewImage, OldImage } }: StreamEntry) => [
    eventName,
    Keys,
    NewImage,
    OldImage,
  ];
  return isDeepStrictEqual(said(one), said(other));
}

async function firstIterator(emulator: Emulator, table: string): Promise<string> {
  const { Table } = await ask<{ Table: { LatestStreamArn: string } }>(emulator, "DynamoDB_20120810.DescribeTable", {
    TableName: table,
  });
  const { StreamDescription } = await ask<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    emulator,
    "DynamoDBStreams_20120810.DescribeStream",
    { StreamArn: Table.LatestStreamArn },
  );
  const { ShardIterator } = await ask<{ ShardIterator: string }>(
    emulator,
    "DynamoDBStreams_20120810.GetShardIterator",
    {
      StreamArn: Table.LatestStreamArn,
      ShardId: StreamDescription.Shards[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    },
  );
  return ShardIterator;
}
