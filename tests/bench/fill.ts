import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { packEvents } from "@omoios/adapters/dynamodb/out";
import { type Item, itemOf } from "@omoios/adapters/dynamodb/rows";
import { defaultLimits } from "@omoios/contracts/limits";
import { makeTask } from "@omoios/domain/tasks/create";
import { laneOf } from "@omoios/domain/tasks/lane";
import { type Context, systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { findBinary } from "@omoios/local/dynamodb/binary";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { startDynamoDb } from "@omoios/local/dynamodb/start";

/** A lane full of ready tasks, all of one ticket. */
export interface Lane {
  phase_id: string;
  depth: number;
  /** Shards that its tasks stand in; 1 unless given. */
  shards?: number;
  /** Tasks from the lane's head that get a body. Nobody may take one that has none. */
  bodies: number;
}

const TABLES = { state: "omoi-local-state", pulse: "omoi-local-pulse" };
const BODY_BYTES = 4096;
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Lays a plane's tables with full lanes, as the plane itself would have made them: rows by the domain, items by the adapters. The
 * emulator imports them from a file, because it takes about a thousand writes a second.
 * @param path the database's file, which must not exist
 */
export async function layTables(path: string, lanes: readonly Lane[], limits = defaultLimits): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-fill-"));
  try {
    const schema = join(scratch, "schema.json");
    writeFileSync(schema, JSON.stringify(await describeTables()));
    const ctx = systemContext("bench", Date.now(), seededRandom(1));
    const state = lanes.flatMap((lane) => laneItems(lane, ctx, limits));
    const source = join(scratch, "export");
    writeItems(source, TABLES.state, state);
    writeItems(
      source,
      TABLES.pulse,
      lanes.map((lane) => hintItem(lane, ctx.now)),
    );
    await promisify(execFile)(findBinary(), ["import", "--source", source, "--schema", schema, "--output", path]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function describeTables(): Promise<unknown[]> {
  const emulator = await startDynamoDb();
  const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials: CREDENTIALS });
  try {
    await createTables(client, TABLES);
    const names = Object.values(TABLES);
    return await Promise.all(names.map((TableName) => client.send(new DescribeTableCommand({ TableName }))));
  } finally {
    client.destroy();
    await emulator.stop();
  }
}

function writeItems(source: string, table: string, items: readonly Item[]): void {
  mkdirSync(join(source, table, "data"), { recursive: true });
  const lines = items.map((item) => JSON.stringify({ Item: marshall(item, { removeUndefinedValues: true }) }));
  writeFileSync(join(source, table, "data", "items.json"), lines.join("\n"));
}

function laneItems({ phase_id, depth, shards = 1, bodies }: Lane, ctx: Context, limits: typeof defaultLimits): Item[] {
  const ticket_id = newId("ticket", ctx.random);
  const lane = laneOf(phase_id, []);
  const description = "x".repeat(BODY_BYTES);
  const first = ctx.now - depth;
  const laneRow = { version: 1, lane, phase_id, capabilities: [], shards, touched_at: ctx.now };
  const items = [
    itemOf("brief", { version: 1, ticket_id, title: "A full lane", labels: [] }, ctx.now),
    itemOf("lane", laneRow, ctx.now),
  ];
  for (let n = 0; n < depth; n++) {
    // A thousandth of a second apart, so that the lane has an order.
    const made = { ...ctx, now: first + n };
    const { task, body, events } = makeTask(
      {
        task_id: newId("task", ctx.random),
        title: `Task ${n}`,
        description,
        task_type: "implement",
        phase_id,
        priority: "MEDIUM",
        required_capabilities: [],
        depends_on: [],
      },
      { ticket_id, n, visit: 1, lane, shards, dependents: 0, waits_for: [] },
      made,
      limits,
    );
    items.push({ ...itemOf("task", { ...task, version: 1 }, ctx.now), out: packEvents(made, events) });
    if (n < bodies) items.push(itemOf("task_body", { ...body, version: 1 }, ctx.now));
  }
  return items;
}

/** What the figures would have counted. */
function hintItem({ phase_id, depth, shards = 1 }: Lane, now: number): Item {
  const lane = laneOf(phase_id, []);
  const counts = Array.from({ length: shards }, (_, shard) => [
    [`d${shard}`, Math.ceil(depth / shards)],
    [`f${shard}`, now - depth],
  ]).flat();
  return { pk: `hint#${lane}`, sk: "hint", lane, ...Object.fromEntries(counts) };
}
