import { DeleteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTables } from "../dynamodb/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../dynamodb/start.ts";
import {
  type Answer,
  failed,
  nameOf,
  REGION,
  type Reading,
  readStream,
  type StreamSetting,
} from "./stream-reader.fixture.ts";

const WAIT = { timeout: 120_000, interval: 5 };

let emulator: DynamoDb;
let client: DynamoDBClient;
let round = 0;
let readings: Reading[] = [];

beforeAll(async () => {
  emulator = await startDynamoDb();
  const credentials = { accessKeyId: "k", secretAccessKey: "s" };
  client = new DynamoDBClient({ endpoint: emulator.endpoint, region: REGION, credentials });
});

afterEach(async () => {
  for (const reading of readings) await reading.stop();
  readings = [];
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

type More = Record<string, { S: string } | { N: string }>;

async function put(table: string, name: string, more: More = {}): Promise<void> {
  const Item = { pk: { S: name }, sk: { S: "#" }, out: { S: "x" }, ...more };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

async function read(
  names: { state: string; pulse: string },
  answer?: Answer,
  setting?: StreamSetting,
): Promise<Reading> {
  const reading = await readStream(emulator.endpoint, names, answer, setting);
  readings.push(reading);
  return reading;
}

describe("a stream reader", () => {
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
    await client.send(new DeleteItemCommand({ TableName: names.state, Key: quiet.Key }));
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
