import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { consumers } from "@omoios/contracts/consumers";
import { functions } from "@omoios/contracts/topology";
import type { APIGatewayProxyEventV2, DynamoDBStreamEvent, ScheduledEvent, SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Handler } from "./invoke.ts";
import { type Plane, type PlaneOptions, startPlane } from "./plane.ts";

const WAIT = { timeout: 120_000, interval: 5 };
const [consumer] = consumers;

let folder: string;
let plane: Plane | undefined;
let log: string[];

/** Handlers that do the least of their work over the real clients, with what the environment tells them. */
const handlers: Record<string, Handler> = {
  "functions/http/control.ts": async (event: APIGatewayProxyEventV2) => {
    log.push(`request ${event.rawPath}`);
    const TableName = process.env.OMOI_TABLE_STATE;
    const Item = { pk: { S: event.rawPath }, sk: { S: "#" }, out: { S: consumer.events[0] } };
    const client = new DynamoDBClient({});
    await client.send(new PutItemCommand({ TableName, Item }));
    client.destroy();
    return { statusCode: 201 };
  },
  "functions/streams/relay.ts": async ({ Records }: DynamoDBStreamEvent) => {
    const Entries = Records.map(({ dynamodb }) => ({
      EventBusName: process.env.OMOI_BUS,
      Source: "omoi.test",
      DetailType: dynamodb?.NewImage?.out?.S,
      Detail: JSON.stringify({ path: dynamodb?.Keys?.pk?.S }),
    }));
    const client = new EventBridgeClient({});
    await client.send(new PutEventsCommand({ Entries }));
    client.destroy();
  },
  [`functions/consumers/${consumer.name}.ts`]: async ({ Records }: SQSEvent) => {
    for (const { body } of Records) log.push(`consumed ${JSON.parse(body).detail.path}`);
  },
  "functions/schedules/sweep.ts": async (event: ScheduledEvent) => {
    log.push(`swept ${event["detail-type"]}`);
  },
};

async function start(options: Partial<PlaneOptions> = {}): Promise<Plane> {
  const load = async (entry: string) => ({ handler: handlers[entry] ?? idle });
  plane = await startPlane({ port: 0, data_dir: folder, config_dir: "config", load, ...options });
  return plane;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "omoi-plane-test-"));
  log = [];
});

afterEach(async () => {
  await plane?.stop();
  plane = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe("the plane", () => {
  it("brings a request through table, stream, bus and queue to its consumer", async () => {
    const { url, subscribe } = await start();
    const events: string[] = [];
    subscribe((event) => events.push(event["detail-type"]));
    expect((await fetch(`${url}/made`)).status).toBe(201);
    await vi.waitFor(() => expect(log).toContain("consumed /made"), WAIT);
    expect(events).toEqual([consumer.events[0]]);
  });

  it("relays after a restart what was written before it, once", async () => {
    const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const broken = async (entry: string) => ({
      handler: entry.includes("/streams/relay") ? fail : (handlers[entry] ?? idle),
    });
    const held = await start({ load: broken });
    expect((await fetch(`${held.url}/late`)).status).toBe(201);
    await vi.waitFor(() => expect(reported).toHaveBeenCalled(), WAIT);
    await held.stop();
    expect(reported.mock.calls.flat().join()).toContain("broken handler");
    reported.mockRestore();
    await start();
    await vi.waitFor(() => expect(log).toContain("consumed /late"), WAIT);
    await plane?.stop();
    log = [];
    const { url } = await start();
    await fetch(`${url}/new`);
    await vi.waitFor(() => expect(log).toContain("consumed /new"), WAIT);
    expect(log).not.toContain("consumed /late");
  });

  it("prepares, republishes and sweeps before it takes requests", async () => {
    const keys: string[] = [];
    const prepare: PlaneOptions["prepare"] = async (places, key) => {
      keys.push(key);
      log.push(`prepared ${places.stage}`);
    };
    const republish = async () => {
      log.push("republished");
    };
    const { operator_key } = await start({ prepare, republish });
    expect(log).toEqual(["prepared local", "republished", "swept Scheduled Event"]);
    expect(keys).toEqual([operator_key]);
  });

  it("gives the handlers an environment that names everything in the topology, and takes it back", async () => {
    const before = { ...process.env };
    const { places, endpoints, stop } = await start({ env: { OMOI_LIMITS__LEASE_SECONDS: "5" } });
    for (const [name, value] of Object.entries({
      OMOI_STAGE: "local",
      OMOI_TABLE_STATE: places.tables.state,
      OMOI_TABLE_PULSE: places.tables.pulse,
      OMOI_QUEUE_TIMERS: places.queue_urls.timers,
      OMOI_BUS: places.bus,
      OMOI_CONFIG_DIR: resolve("config"),
      OMOI_LIMITS__LEASE_SECONDS: "5",
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: endpoints.sqs,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.events,
    })) {
      expect([name, process.env[name]]).toEqual([name, value]);
    }
    const path = process.env.OMOI_SECRET_TOKEN_KEYS?.replace(/^file:/, "") ?? "";
    const { keys } = JSON.parse(readFileSync(path, "utf8"));
    expect(keys).toHaveLength(1);
    expect(Buffer.from(keys[0].secret, "base64url")).toHaveLength(32);
    await stop();
    expect({ ...process.env }).toEqual(before);
  });

  it("keeps nothing without a data directory", async () => {
    const load = async () => ({ handler: idle });
    const { stop } = await startPlane({ port: 0, config_dir: "config", load });
    const path = process.env.OMOI_SECRET_TOKEN_KEYS?.replace(/^file:/, "") ?? "";
    expect(existsSync(path)).toBe(true);
    await stop();
    expect(existsSync(path)).toBe(false);
  });

  it("leaves nothing running when a part fails to start", async () => {
    const load = async (entry: string) => {
      if (entry === functions.at(-1)?.entry) throw new Error("broken module");
      return { handler: idle };
    };
    await expect(start({ load })).rejects.toThrow("broken module");
    expect(existsSync(join(folder, "plane.pid"))).toBe(false);
    expect(existsSync(join(folder, "tables.db.pid"))).toBe(false);
    expect((await fetch(`${(await start()).url}/x`)).status).toBe(201);
  });
});

async function idle(): Promise<unknown> {
  return undefined;
}

async function fail(): Promise<never> {
  throw new Error("broken handler");
}
