import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { streamReaders } from "@omoios/contracts/topology";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type AwsCaller, awsCaller } from "../aws-json.ts";
import { createTables } from "../dynamodb/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../dynamodb/start.ts";
import type { Delivery } from "./deliver.ts";
import { tablePosition } from "./position.ts";
import { startStreamReader } from "./stream-reader.ts";

const WAIT = { timeout: 30_000, interval: 5 };
const REGION = "us-east-1";

let emulator: DynamoDb;
let client: DynamoDBClient;
let dynamodb: AwsCaller;
let round = 0;
let ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  emulator = await startDynamoDb();
  client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: REGION,
    credentials: { accessKeyId: "k", secretAccessKey: "s" },
  });
  dynamodb = awsCaller("dynamodb", emulator.endpoint, REGION, "k");
}, 30_000);

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

/** Tables of its own for each test, so that a stream holds what the test wrote. */
async function freshTables() {
  round += 1;
  const names = { state: `state-${round}`, pulse: `pulse-${round}` };
  await createTables(client, names);
  return names;
}

async function put(
  table: string,
  name: string,
  more: Record<string, { S: string } | { N: string }> = {},
): Promise<void> {
  const Item = { pk: { S: name }, sk: { S: "#" }, out: { S: "x" }, ...more };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

interface Reading {
  batches: DynamoDBRecord[][];
  parked: DynamoDBRecord[];
  names(): string[];
  stop(): Promise<void>;
}

type Answer = (records: DynamoDBRecord[]) => unknown;

async function read(
  names: { state: string; pulse: string },
  answer: Answer = () => undefined,
  setting: { batch_size?: number; parallel?: number; pause?: Promise<void> } = {},
): Promise<Reading> {
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
    streams: awsCaller("streams", emulator.endpoint, REGION, "k"),
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
  ends.push(stop);
  return { batches, parked, stop, names: () => batches.flat().map(nameOf) };
}

const nameOf = (record: DynamoDBRecord) => record.dynamodb?.Keys?.pk?.S ?? "";
const failed = (record: DynamoDBRecord | undefined) => ({
  batchItemFailures: record ? [{ itemIdentifier: record.dynamodb?.SequenceNumber }] : [],
});

describe("a stream reader", { timeout: 60_000 }, () => {
  it("hands on records as Lambda does, in the order of the changes", async () => {
    const names = await freshTables();
    await put(names.state, "a");
    await put(names.state, "b");
    const { batches, names: seen } = await read(names);
    await vi.waitFor(() => expect(seen()).toEqual(["a", "b"]), WAIT);
    const [first] = batches.flat();
    expect(first).toMatchObject({ eventName: "INSERT", eventSource: "aws:dynamodb", awsRegion: REGION });
    expect(first?.eventSourceARN).toContain(`/${names.state}/stream/`);
    expect(first?.dynamodb?.NewImage?.out).toEqual({ S: "x" });
    await put(names.state, "c");
    await vi.waitFor(() => expect(seen()).toEqual(["a", "b", "c"]), WAIT);
  });

  it("lets through what a filter takes, and nothing else", async () => {
    const names = await freshTables();
    await put(names.state, "loud");
    const quiet = {
      TableName: names.state,
      Key: { pk: { S: "loud" }, sk: { S: "#" } },
      UpdateExpression: "REMOVE #out",
    };
    await client.send(new UpdateItemCommand({ ...quiet, ExpressionAttributeNames: { "#out": "out" } }));
    await dynamodb("DeleteItem", { TableName: names.state, Key: quiet.Key });
    await put(names.state, "again");
    const { names: seen } = await read(names);
    await vi.waitFor(() => expect(seen()).toEqual(["loud", "again"]), WAIT);
  });

  it("tries again only from the record that failed, and parks a poisonous one without its neighbours", async () => {
    const names = await freshTables();
    for (const name of ["a", "b", "poison", "c", "d"]) await put(names.state, name);
    const answer: Answer = (records) => failed(records.find((record) => nameOf(record) === "poison"));
    const { parked, names: seen, batches } = await read(names, answer);
    await vi.waitFor(() => expect(seen()).toContain("d"), WAIT);
    expect(parked.map(nameOf)).toEqual(["poison"]);
    expect(seen().filter((name) => name === "a")).toHaveLength(1);
    const alone = batches.filter((batch) => batch.length === 1 && batch[0] && nameOf(batch[0]) === "poison");
    expect(alone).toHaveLength(4);
    await put(names.state, "e");
    await vi.waitFor(() => expect(seen()).toContain("e"), WAIT);
  });

  it("goes on where it was after a stop", async () => {
    const names = await freshTables();
    await put(names.state, "before");
    const first = await read(names);
    await vi.waitFor(() => expect(first.names()).toEqual(["before"]), WAIT);
    await first.stop();
    await put(names.state, "between");
    const second = await read(names);
    await vi.waitFor(() => expect(second.names()).toEqual(["between"]), WAIT);
  });

  it("reads again what was not done at the stop", async () => {
    const names = await freshTables();
    for (const name of ["a", "b", "c"]) await put(names.state, name);
    const answer: Answer = (records) => failed(records.find((record) => nameOf(record) === "b"));
    // The pause before the second try ends as it does when the plane stops.
    let endPause: (() => void) | undefined;
    const pause = new Promise<void>((_, reject) => {
      endPause = () => reject(new Error("stopped"));
    });
    const first = await read(names, answer, { batch_size: 1, pause });
    await vi.waitFor(() => expect(first.names()).toEqual(["a", "b"]), WAIT);
    const stopped = first.stop();
    endPause?.();
    await stopped;
    const second = await read(names);
    await vi.waitFor(() => expect(second.names()).toEqual(["b", "c"]), WAIT);
  });

  it("works side by side on changes of different items, one after another on those of one", async () => {
    const names = await freshTables();
    for (let version = 1; version <= 4; version += 1) {
      for (let item = 0; item < 8; item += 1)
        await put(names.state, `item-${item}`, { version: { N: String(version) } });
    }
    let atWork = 0;
    let most = 0;
    const versions = new Map<string, number[]>();
    const answer: Answer = async ([record]) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await new Promise((done) => setTimeout(done, 2));
      const name = nameOf(record ?? {});
      versions.set(name, [...(versions.get(name) ?? []), Number(record?.dynamodb?.NewImage?.version?.N)]);
      atWork -= 1;
    };
    await read(names, answer, { batch_size: 1, parallel: 4 });
    await vi.waitFor(() => expect(Array.from(versions.values()).flat()).toHaveLength(32), WAIT);
    for (const order of versions.values()) expect(order).toEqual([1, 2, 3, 4]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});
