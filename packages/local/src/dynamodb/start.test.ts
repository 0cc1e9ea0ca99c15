import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { tables } from "@omoios/contracts/tables";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../ports.ts";
import { StartError } from "../start-error.ts";
import { findBinary } from "./binary.ts";
import { createTables } from "./create-tables.ts";
import { startDynamoDb } from "./start.ts";

const names = { state: "test-state", pulse: "test-pulse" };
const key = { pk: { S: "thing#1" }, sk: { S: "#" } };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "omoi-dynamodb-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "k", secretAccessKey: "s" } });
}

describe("the DynamoDB emulator", () => {
  it("holds the topology's tables and keeps them over a restart", async () => {
    const path = join(folder, "tables.db");
    const first = await startDynamoDb({ path });
    const client = clientOf(first.endpoint);
    await createTables(client, names);
    await createTables(client, names);
    for (const row of tables) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: names[row.name] }));
      const found = (Table?.GlobalSecondaryIndexes ?? []).map((index) => index.IndexName).sort();
      expect(found).toEqual(row.indexes.map((index) => index.name).sort());
      expect(Table?.StreamSpecification?.StreamViewType).toBe(row.stream ? "NEW_AND_OLD_IMAGES" : undefined);
    }
    await client.send(new PutItemCommand({ TableName: names.state, Item: { ...key, note: { S: "kept" } } }));
    await first.stop();

    const second = await startDynamoDb({ path });
    const { Item } = await clientOf(second.endpoint).send(new GetItemCommand({ TableName: names.state, Key: key }));
    expect(Item?.note?.S).toBe("kept");
    await second.stop();
  });

  it("ends one that was left on the same file", async () => {
    const path = join(folder, "tables.db");
    const args = ["serve", "--port", String(await freePort()), "--db-path", path];
    const leftover = spawn(findBinary(), args, { stdio: "ignore" });
    const ended = new Promise((done) => leftover.once("exit", (_, signal) => done(signal)));
    writeFileSync(`${path}.pid`, String(leftover.pid));
    const plane = await startDynamoDb({ path });
    expect(await ended).toBe("SIGKILL");
    await plane.stop();
  });

  it("takes another port where somebody else was faster, and is never taken for that one", async () => {
    const other = await startDynamoDb();
    const ports = [Number(new URL(other.endpoint).port)];
    const own = await startDynamoDb({ port: async () => ports.shift() ?? freePort() });
    expect(ports).toEqual([]);
    expect(own.endpoint).not.toBe(other.endpoint);
    await own.stop();
    await other.stop();
  });

  it("says why it cannot start", async () => {
    const path = join(folder, "tables.db");
    writeFileSync(path, "no database at all, but text that is long enough to be read as a header of one");
    await expect(startDynamoDb({ path })).rejects.toThrow(/did not start on .*tables\.db: .*another --data-dir/);
  });

  it("names the remedy where there is no binary", () => {
    expect(() => findBinary("plan9", "mips")).toThrow(StartError);
    expect(() => findBinary("plan9", "mips")).toThrow(/@dynoxide\/plan9-mips.*OMOI_DYNAMODB_ENDPOINT/);
  });

  it("uses a server that runs already, and says so when none does", async () => {
    const running = await startDynamoDb();
    const used = await startDynamoDb({ endpoint: running.endpoint });
    expect(used.endpoint).toBe(running.endpoint);
    await used.stop();
    await createTables(clientOf(running.endpoint), names);
    await running.stop();
    await expect(startDynamoDb({ endpoint: running.endpoint })).rejects.toThrow(
      /Nothing answers at .*OMOI_DYNAMODB_ENDPOINT/,
    );
  });
});
