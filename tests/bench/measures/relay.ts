import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marshall } from "@aws-sdk/util-dynamodb";
import { packEvents } from "@omoios/adapters/dynamodb/out";
import { type Item, itemOf, keyOf } from "@omoios/adapters/dynamodb/rows";
import { functions, streamReaders } from "@omoios/contracts/topology";
import type { FunctionName } from "@omoios/contracts/topology-types";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { piecesOf } from "@omoios/kernel/pieces";
import { systemRandom } from "@omoios/kernel/random";
import { awsCaller } from "@omoios/local/aws-json";
import { handlerVariables, setVariables } from "@omoios/local/environment";
import { type Handler, localFunction } from "@omoios/local/invoke";
import { plantKeys } from "@omoios/local/keys";
import { ACCOUNT, placesOf, REGION, startServices } from "@omoios/local/services";
import { startStreamReaders } from "@omoios/local/streams/start-readers";
import { type Figures, rounded } from "../figures.ts";
import { until } from "../quiet.ts";

const RECORDS = 10_000;

/** How many events a second the relay brings from a full stream into the consumers' queues. */
export async function measureRelay(): Promise<Figures> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  const ends: (() => unknown)[] = [() => rmSync(scratch, { recursive: true, force: true })];
  try {
    const services = await startServices({ data_dir: scratch }, (end) => ends.push(end));
    const { endpoints, queues, tables, bus } = services;
    const places = placesOf(services, plantKeys(scratch));
    const config = new URL("../../../config", import.meta.url).pathname;
    ends.push(setVariables(handlerVariables(places, endpoints, config)));
    const dynamodb = awsCaller("dynamodb", endpoints.dynamodb, REGION);
    const streams = awsCaller("streams", endpoints.dynamodb, REGION);
    const sqs = awsCaller("sqs", endpoints.sqs, REGION);
    await writeEnded((input) => dynamodb("BatchWriteItem", input), tables.state);
    const { handler } = (await import("../../../functions/streams/relay.ts")) as { handler: Handler };
    let arrived = 0;
    const seen = new Promise<void>((all) => {
      ends.push(
        bus.subscribe(() => {
          arrived += 1;
          if (arrived === RECORDS) all();
        }),
      );
    });
    const started = performance.now();
    const functionOf = (name: FunctionName) => functionFor(name, name === "relay" ? handler : async () => undefined);
    const dead_letter_urls = queues.stream_dead_letter_urls;
    const readers = await startStreamReaders({ places, dynamodb, streams, sqs, dead_letter_urls, functionOf });
    ends.push(() => Promise.all(readers.map((reader) => reader.stop())));
    await Promise.race([seen, until("every event has arrived", () => arrived >= RECORDS)]);
    const seconds = (performance.now() - started) / 1000;
    return { "relay.events_per_s": rounded(RECORDS / seconds, 0) };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function functionFor(name: FunctionName, handler: Handler) {
  const row = functions.find((each) => each.name === name);
  if (row === undefined || !streamReaders.some((reader) => reader.function === name))
    throw new Error(`${name} reads no stream`);
  return localFunction(row, handler, { region: REGION, account: ACCOUNT, settled: () => undefined });
}

/** Writes tasks that have completed, each with the event of that. */
async function writeEnded(write: (input: unknown) => Promise<unknown>, table: string): Promise<void> {
  const items = Array.from(endedItems());
  const next = piecesOf(items, 25)[Symbol.iterator]();
  const writer = async () => {
    for (const batch of next) {
      const requests = batch.map((item) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
      await write({ RequestItems: { [table]: requests } });
    }
  };
  await Promise.all(Array.from({ length: 4 }, writer));
}

function* endedItems(): Generator<Item> {
  const ctx = systemContext("bench", Date.now(), systemRandom);
  const row = {
    version: 1,
    ticket_id: newId("ticket", systemRandom),
    n: 0,
    phase_id: "PHASE_TESTING",
    visit: 1,
    priority: "MEDIUM",
    lane: "lane",
    status: "completed",
    fence: 1,
    attempt: 1,
    retry_count: 0,
    max_retries: 3,
    timeout_seconds: 3600,
    blockers_left: 0,
    created_at: ctx.now,
    completed_at: ctx.now,
  } as const;
  const sample = itemOf("task", { ...row, task_id: newId("task", systemRandom) }, ctx.now);
  for (let n = 0; n < RECORDS; n++) {
    const task_id = newId("task", systemRandom);
    const out = packEvents(ctx, [{ type: "task.completed" }]);
    yield { ...sample, task_id, ...keyOf("task", { task_id }), out };
  }
}
