import type { Tables } from "@omoios/adapters/dynamodb/client";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { timersOn } from "@omoios/adapters/messaging/timers";
import { addFigures } from "@omoios/adapters/stream/figures";
import { relay, type StreamRecord } from "@omoios/adapters/stream/relay";
import type { Configuration } from "@omoios/app/configuration";
import type { Ground, LackedPart } from "@omoios/app/ground";
import { withCause } from "@omoios/app/observe/with-cause";
import { type Rooms, rooms } from "@omoios/app/rooms";
import { type WatchRooms, watchRooms } from "@omoios/app/watch-rooms";
import { watchWork } from "@omoios/app/watch-work";
import { type Work, work } from "@omoios/app/work";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { AuditKeys } from "@omoios/domain/audit/model";
import type { Timers } from "@omoios/domain/store";
import type { Chance } from "../chance.ts";
import { makeProcess, type Process } from "../processes.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { AgentWays } from "../wire/agent-ways.ts";
import type { Clients } from "../wire/clients.ts";
import type { Wire } from "../wire/wire.ts";
import { type InScope, scopesBy, withoutScope } from "./scopes.ts";

/** A process with the plane furnished in it: what it has cached is its own, and goes with it. */
export interface Instance {
  process: Process;
  rooms: Rooms;
  watch: WatchRooms;
  work: Work;
  /** Whether alerting lives: its events are heard, and its receivers told. */
  alerts: boolean;
  inScope: InScope;
  relay(records: readonly StreamRecord[]): Promise<void>;
  figures(records: readonly StreamRecord[]): Promise<void>;
}

/** The wires to the three services. */
interface Wires {
  tables: Wire;
  sqs: Wire;
  bus: Wire;
}

export interface InstanceParts {
  time: VirtualTime;
  chance: Chance;
  clients: Clients;
  wires: Wires;
  ways: AgentWays;
  configuration: Configuration;
  names: { state: string; pulse: string };
  alerting?: Alerting | undefined;
  lacks?: LackedPart | undefined;
}

/** What alerting needs to live: whom its notifications go to. */
export interface Alerting {
  sender(process: Process): Sender;
  /** Whether the plane's own events are alerts. */
  hears_events: boolean;
}

/** Nobody buys a token here: agents are known by their rows. */
const noTokenKeys: TokenKeys = {
  newest: () => Promise.reject(new Error("The simulation signs no tokens")),
  find: async () => undefined,
};

/** The same in every run, so that runs can be compared to the byte. */
const AUDIT_KEY = { kid: "simulated", secret: new Uint8Array(32) };
const audit_keys: AuditKeys = { newest: async () => AUDIT_KEY, all: async () => [AUDIT_KEY] };

/** Makes instances that share their clients, as the requests of one machine share its connections; each request says whose it is. */
export function instancesBy(parts: InstanceParts) {
  const { time, chance, clients, wires, ways, configuration, names, alerting, lacks } = parts;
  clients.retryIn({ time, chance: chance.of("retries") });
  return (name: string): Instance => {
    const process = makeProcess(name);
    const own = chance.of(name);
    const client = clients.document({ process, wire: wires.tables });
    const sqs = clients.sqs({ process, wire: wires.sqs });
    const bus = clients.bus({ process, wire: wires.bus });
    const tables: Tables = { client, ...names, sleep: time.sleep };
    const queues = timersOn(sqs, queueUrl);
    const timers: Timers = { set: (messages, now) => queues.set(messages.map(withCause), now) };
    const ground: Ground = {
      ...configuration,
      stage: "simulated",
      tables,
      timers,
      clock: time,
      random: own.random,
      token_keys: noTokenKeys,
      audit_keys,
      post: ways.post(process),
      webhooks: ways.webhooks(process),
      lacks,
      ...(alerting === undefined ? {} : { sender: () => alerting.sender(process) }),
    };
    const furnished = rooms(ground);
    const watch = watchRooms(ground, furnished);
    const watching = watchWork(furnished, watch);
    const retention_days = configuration.limits.retention_days.events;
    const relayParts = {
      log: logWriter({ tables, keys: audit_keys, clock: time, random: own.random, retention_days }),
      bus: { client: bus, name: "main", random: own.random, sleep: time.sleep },
      timers,
      sqs,
      parked_queue_url: queueUrl("relay-parked"),
      clock: time,
    };
    return {
      process,
      rooms: furnished,
      watch,
      work: work(furnished, async () => watching),
      alerts: alerting?.hears_events ?? false,
      inScope: alerting === undefined ? withoutScope : scopesBy(own.of("scopes").random),
      relay: (records) => relay(relayParts, records),
      figures: (records) => addFigures(tables, records),
    };
  };
}

const queueUrl = (name: string): string => `http://simulated/queue/${name}`;
