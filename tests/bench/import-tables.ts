import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "@omoios/adapters/dynamodb/rows";
import { findBinary } from "@omoios/local/dynamodb/binary";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { startDynamoDb } from "@omoios/local/dynamodb/start";

export const TABLES = { state: "omoi-local-state", pulse: "omoi-local-pulse" };
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
/** Items that are written to the file at once. */
const LINES = 10_000;

/** `unread` leaves the stream out: the emulator's own writes get slower with each record that it keeps. */
export type Stream = "streamed" | "unread";

/**
 * Makes the emulator's file with a plane's tables and these items in them. It imports them, because it takes about a thousand writes a
 * second; the items are made as they are written, so that any number fits.
 * @param path the file, which must not exist
 */
export async function importTables(
  path: string,
  contents: Readonly<Record<keyof typeof TABLES, Iterable<Item>>>,
  stream: Stream,
): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-fill-"));
  try {
    const schema = join(scratch, "schema.json");
    writeFileSync(schema, JSON.stringify(await describeTables(stream)));
    const source = join(scratch, "export");
    writeItems(source, TABLES.state, contents.state);
    writeItems(source, TABLES.pulse, contents.pulse);
    await promisify(execFile)(findBinary(), ["import", "--source", source, "--schema", schema, "--output", path]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function describeTables(stream: Stream): Promise<unknown[]> {
  const emulator = await startDynamoDb();
  const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials: CREDENTIALS });
  try {
    await createTables(client, TABLES);
    const names = Object.values(TABLES);
    const described = await Promise.all(names.map((TableName) => client.send(new DescribeTableCommand({ TableName }))));
    if (stream === "streamed") return described;
    return described.map(({ Table: { StreamSpecification: _none, ...Table } = {} }) => ({ Table }));
  } finally {
    client.destroy();
    await emulator.stop();
  }
}

function writeItems(source: string, table: string, items: Iterable<Item>): void {
  const folder = join(source, table, "data");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "items.json");
  let lines: string[] = [];
  const write = () => appendFileSync(file, lines.map((line) => `${line}\n`).join(""));
  for (const item of items) {
    lines.push(JSON.stringify({ Item: marshall(item, { removeUndefinedValues: true }) }));
    if (lines.length < LINES) continue;
    write();
    lines = [];
  }
  write();
}
