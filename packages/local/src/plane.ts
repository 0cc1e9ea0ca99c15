import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Configuration } from "@omoios/app/configuration";
import { alarmRules } from "@omoios/contracts/default-bus";
import { http, sockets } from "@omoios/contracts/doors";
import { environmentNames, type Places, socketVariables } from "@omoios/contracts/places";
import { functions, queueReaders, schedules } from "@omoios/contracts/topology";
import type { DefaultBusRow, FunctionName, QueueName, SocketName } from "@omoios/contracts/topology-types";
import { once } from "@omoios/kernel/once";
import { namesOf } from "../../../stacks/names.ts";
import { type AwsCaller, awsCaller } from "./aws-json.ts";
import { endAll } from "./end-all.ts";
import { type Endpoints, handlerVariables, setVariables, stageSettings, type Variables } from "./environment.ts";
import type { Bus } from "./events/bus.ts";
import type { BusFaults } from "./events/bus-faults.ts";
import { startGateway } from "./gateway/gateway.ts";
import { openSockets, type Sockets } from "./gateway/sockets.ts";
import { portTaken } from "./http.ts";
import { type FunctionSetting, type Handler, type LocalFunction, localFunction } from "./invoke.ts";
import { plantKeys } from "./keys.ts";
import { lockDirectory } from "./lock.ts";
import { isBusy } from "./ports.ts";
import { reporter } from "./report.ts";
import { startSchedule } from "./schedules/scheduler.ts";
import { ACCOUNT, type OnStop, placesOf, REGION, STAGE, startServices } from "./services.ts";
import { startQueueReader } from "./sqs/poller.ts";
import type { Queues } from "./sqs/start.ts";
import { startStreamReaders } from "./streams/start-readers.ts";
import type { StreamReader } from "./streams/stream-reader.ts";

/** What the plane does for its domain at a start, given by whoever wires it. */
export interface StartWork {
  /** Called with the tables ready, before the first request: makes the operator key's row. */
  prepare?(places: Places, operatorKey: string): Promise<void>;
  /** Sends again what the queues, which do not survive a stop, may have lost. */
  republish?(places: Places): Promise<void>;
  /** Gives a function's module by its `entry`; by default it is imported from the repository's root. */
  load?(entry: string): Promise<{ handler: Handler }>;
  /** What whoever starts it should know of what is in the tables: a line each. Called once all is up. */
  notices?(places: Places, configuration: Configuration): Promise<string[]>;
  /** Called after the stop, when nothing is at work any more. */
  ended?(): Promise<void>;
}

export interface PlaneOptions extends StartWork {
  /** Of 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Where everything is kept; without it in a temporary directory, which the stop removes. */
  data_dir?: string;
  config_dir: string;
  /** Called with a function's name when an invocation of it begins; gives what is called at its end. */
  began?: ((name: string) => () => void) | undefined;
  /** More variables for the handlers. `OMOI_DYNAMODB_ENDPOINT` is read here, then in the process's own environment. */
  env?: Variables;
}

export interface Plane {
  url: string;
  endpoints: Endpoints;
  places: Places;
  operator_key: string;
  queues: Queues;
  /** Calls the function with every event of the bus. Gives what ends that. */
  subscribe: Bus["subscribe"];
  /** What goes wrong between its bus and its queues. */
  faults: BusFaults;
  stop(): Promise<void>;
}

const ROOT = new URL("../../../", import.meta.url);

/**
 * Starts the whole plane on this machine: tables, queues, bus, the functions of the topology and what calls them.
 * One process holds one plane at a time, because handlers read their environment.
 * @throws StartError for what its user can mend: a taken port, a directory in use, no emulator for this machine.
 */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const started: (() => unknown)[] = [];
  const stop = () => endAll(started);
  try {
    return { ...(await start(options, (end) => started.push(end))), stop };
  } catch (error) {
    // What the start failed of is what its user can mend, whatever else did not end after it.
    await stop().catch((also: unknown) => reporter("stop")(also));
    throw error;
  }
}

async function start(options: PlaneOptions, onStop: OnStop): Promise<Omit<Plane, "stop">> {
  // First: whoever starts a second time meets both, and another port would not help them.
  const dataDir = openDirectory(options.data_dir, onStop);
  if (options.port !== 0 && (await isBusy(options.port))) throw portTaken(options.port);
  const keys = plantKeys(dataDir);
  const endpoint = options.env?.OMOI_DYNAMODB_ENDPOINT ?? process.env.OMOI_DYNAMODB_ENDPOINT;
  const aws_events = alarmsHeard(options.config_dir);
  const services = await startServices({ data_dir: dataDir, endpoint, aws_events }, onStop);
  const { endpoints, queues, bus, faults } = services;
  const places: Places = { ...placesOf(services, keys), buckets: bucketsOf(options.config_dir, dataDir) };
  onStop(setVariables({ ...handlerVariables(places, endpoints, resolve(options.config_dir)), ...options.env }));
  const readers: StreamReader[] = [];
  const settled = () => {
    for (const reader of readers) reader.nudge();
  };
  const functionOf = await loadFunctions(options.load ?? importEntry, { settled, began: options.began });
  await options.prepare?.(places, keys.operator_key);
  const sqs = awsCaller("sqs", endpoints.sqs, REGION);
  startQueueReaders(queues, sqs, functionOf, onStop);
  const dynamodb = awsCaller("dynamodb", endpoints.dynamodb, REGION);
  const streams = awsCaller("streams", endpoints.dynamodb, REGION);
  const dead_letter_urls = queues.stream_dead_letter_urls;
  readers.push(...(await startStreamReaders({ places, dynamodb, streams, sqs, dead_letter_urls, functionOf })));
  onStop(() => Promise.all(readers.map((reader) => reader.stop())));
  await options.republish?.(places);
  startSchedules(functionOf, onStop);
  const routes = http.map((row) => ({ route: row.route, target: functionOf(row.function) }));
  const socketApis = await openSocketApis(functionOf);
  const closeSockets = once(() => Promise.all([...socketApis.values()].map((api) => api.close())));
  onStop(closeSockets);
  const gateway = await startGateway({
    port: options.port,
    account: ACCOUNT,
    routes,
    reportError: reporter("gateway"),
    sockets: [...socketApis.values()],
  });
  onStop(gateway.close);
  onStop(setVariables({ ...socketsAt(gateway.url, socketApis), [environmentNames.publicUrl]: gateway.url }));
  // Before the gateway, which waits for its connections.
  onStop(closeSockets);
  const { operator_key } = keys;
  return { url: gateway.url, endpoints, places, operator_key, queues, subscribe: bus.subscribe, faults };
}

/** A bucket is a folder here. */
function bucketsOf(configDir: string, dataDir: string): NonNullable<Places["buckets"]> {
  const bucket = stageSettings(STAGE, resolve(configDir))?.audit_bucket ?? null;
  return bucket === null ? {} : { audit: `file:${join(dataDir, "buckets", bucket)}` };
}

/** The alarms of CloudWatch that the stage hears of, as its stack would have it. */
function alarmsHeard(configDir: string): DefaultBusRow[] {
  const others = stageSettings(STAGE, resolve(configDir))?.cloudwatch_alarms ?? [];
  return alarmRules({ own: namesOf(STAGE).only(""), others });
}

function openDirectory(path: string | undefined, onStop: OnStop): string {
  if (path === undefined) {
    const scratch = mkdtempSync(join(tmpdir(), "omoi-plane-"));
    onStop(() => rmSync(scratch, { recursive: true, force: true }));
    return scratch;
  }
  const dataDir = resolve(path);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  onStop(lockDirectory(dataDir));
  return dataDir;
}

async function loadFunctions(
  load: (entry: string) => Promise<{ handler: Handler }>,
  calls: Pick<FunctionSetting, "settled" | "began">,
): Promise<FunctionOf> {
  const setting = { region: REGION, account: ACCOUNT, ...calls };
  const loaded = new Map<string, LocalFunction>();
  for (const row of functions) loaded.set(row.name, localFunction(row, (await load(row.entry)).handler, setting));
  return (name) => {
    const found = loaded.get(name);
    if (found === undefined) throw new Error(`The topology has no function ${name}`);
    return found;
  };
}

const importEntry = (entry: string) => import(new URL(entry, ROOT).href);

type FunctionOf = (name: FunctionName) => LocalFunction;

/** Batches worked on at once where that is not five: deliveries wait for receivers, some of which hang. In AWS more readers come by themselves. */
const SIDE_BY_SIDE: Partial<Record<QueueName, number>> = { deliver: 25 };

function startQueueReaders(queues: Queues, sqs: AwsCaller, functionOf: FunctionOf, onStop: OnStop): void {
  const readers = queueReaders.map((row) =>
    startQueueReader({
      queue_url: queues.urls[row.queue],
      queue_arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${row.queue}`,
      region: REGION,
      batch_size: row.batch_size,
      concurrency: SIDE_BY_SIDE[row.queue] ?? 5,
      sqs,
      invoke: functionOf(row.function).invoke,
      reportError: reporter(row.function),
    }),
  );
  onStop(() => Promise.all(readers.map((reader) => reader.stop())));
}

async function openSocketApis(functionOf: FunctionOf): Promise<Map<SocketName, Sockets>> {
  const open = sockets.map(async ({ name, function: target }) => {
    const api = { path: socketPath(name), target: functionOf(target), account: ACCOUNT, reportError: reporter(name) };
    return [name, await openSockets(api)] as const;
  });
  return new Map(await Promise.all(open));
}

const socketPath = (name: SocketName) => `/sockets/${name}`;

/** Where clients and functions find the sockets: known only once the gateway has its port. */
function socketsAt(gatewayUrl: string, apis: ReadonlyMap<SocketName, Sockets>): Record<string, string> {
  const base = gatewayUrl.replace(/^http/, "ws");
  const variables = [...apis].map(([name, { endpoint }]) => {
    const place = { url: `${base}${socketPath(name)}`, endpoint };
    return socketVariables(name, ["name", "send"], { [name]: place });
  });
  return Object.assign({}, ...variables);
}

function startSchedules(functionOf: FunctionOf, onStop: OnStop): void {
  for (const { name, expression, function: target } of schedules) {
    const { invoke } = functionOf(target);
    const schedule = startSchedule({
      name,
      expression,
      account: ACCOUNT,
      region: REGION,
      invoke,
      reportError: reporter(name),
    });
    onStop(schedule.stop);
    // What came due while the plane was off does not wait for the next minute.
    void schedule.fire();
  }
}
