import type { Configuration } from "@omoios/app/configuration";
import type { LackedPart } from "@omoios/app/ground";
import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import { type Chance, chance } from "./chance.ts";
import { TABLES } from "./database.ts";
import { type Api, apiOn } from "./plane/api.ts";
import { type Fleet, fleetOf } from "./plane/fleet.ts";
import { receiverOn } from "./plane/functions.ts";
import { type Alerting, type Instance, instancesBy } from "./plane/instances.ts";
import { type StreamReaders, streamReadersOf } from "./plane/stream-readers.ts";
import { type Trace, trace } from "./trace.ts";
import { type VirtualTime, virtualTime } from "./virtual-time.ts";
import { type AgentWays, agentWays } from "./wire/agent-ways.ts";
import { type Changes, changesOf } from "./wire/changes.ts";
import type { Clients } from "./wire/clients.ts";
import type { Emulator } from "./wire/emulator.ts";
import { type Faults, faultsBy } from "./wire/faults.ts";
import { type Messages, messagesBy } from "./wire/messages.ts";
import { MOST_LAG_MS } from "./wire/old-reads.ts";
import { type Rewrite, tablesService } from "./wire/tables-service.ts";
import { wire } from "./wire/wire.ts";

/** When every simulation begins. */
export const START = Date.parse("2026-01-05T10:00:00Z");

export interface WorldOptions {
  seed: number;
  emulator: Emulator;
  clients: Clients;
  print?: ((line: string) => void) | undefined;
  /** Limits, workflows, rules and routing of the plane. */
  configuration: Configuration;
  /** All functions share one process, as on one machine; otherwise each has its own. */
  one_machine: boolean;
  /** Time that others know already; a new one from `START` on unless given. */
  time?: VirtualTime | undefined;
  /** How long everything takes, where the seed shall not say. */
  chance?: Chance | undefined;
  /** What goes wrong, where chance shall not say. */
  faults?: Faults | undefined;
  /** How a build without some condition writes. */
  rewrite?: Rewrite | undefined;
  /** Alerting lives too, and the causes of what happens are handed on. Without, its events only find their way. */
  alerting?: Alerting | undefined;
  /** What this build lacks. */
  lacks?: LackedPart | undefined;
  /** Sees each event that the bus takes, again where it comes again. */
  heard?: ((event: Envelope) => void) | undefined;
  /** How a build without some check is furnished. */
  refurnish?: ((instance: Instance) => Instance) | undefined;
}

/** The plane over its tables, with everything around it simulated. */
export interface World {
  time: VirtualTime;
  chance: Chance;
  trace: Trace;
  faults: Faults;
  changes: Changes;
  messages: Messages;
  readers: StreamReaders;
  fleet: Fleet;
  api: Api;
  ways: AgentWays;
  begun_at: Instant;
  /** Errors that no fault of the world explains. */
  errors: string[];
}

export async function makeWorld({
  seed,
  emulator,
  clients,
  configuration,
  one_machine,
  ...options
}: WorldOptions): Promise<World> {
  const time = options.time ?? virtualTime(START);
  const all = options.chance ?? chance(seed);
  const log = trace(options.print);
  const faults = options.faults ?? faultsBy(all.of("faults"));
  const errors: string[] = [];
  const report = (what: string, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    errors.push(`${what}: ${text}`);
  };
  const lags = all.of("lags");
  const lagOf = () => (faults.on && lags.percent(30) ? lags.between(0, MOST_LAG_MS) : 0);

  // These three know each other: messages start functions, functions write, and what is written starts readers.
  let fleet: Fleet | undefined;
  const theFleet = (): Fleet => {
    if (fleet === undefined) throw new Error("There is no fleet yet");
    return fleet;
  };
  const shared = { time, faults, trace: log };
  const readers = streamReadersOf({ ...shared, chance: all.of("readers"), fleet: theFleet, report });
  const changes = await changesOf(emulator, TABLES.state, lagOf, readers.take);
  const receive = receiverOn(theFleet, report);
  const messages = messagesBy({ ...shared, chance: all.of("messages"), receive, heard: options.heard });
  const tables = tablesService({ emulator, changes, names: TABLES, now: time.now, rewrite: options.rewrite });
  const wires = {
    tables: wire({ ...shared, chance: all.of("tables"), service: tables }),
    sqs: wire({ ...shared, chance: all.of("sqs"), service: messages.sqs }),
    bus: wire({ ...shared, chance: all.of("bus"), service: messages.bus }),
  };
  const ways = agentWays({ ...shared, chance: all.of("ways") });
  const make = instancesBy({
    time,
    chance: all.of("instances"),
    clients,
    wires,
    ways,
    configuration,
    names: TABLES,
    alerting: options.alerting,
    lacks: options.lacks,
  });
  const furnish = options.refurnish ?? ((instance) => instance);
  fleet = fleetOf({
    ...shared,
    chance: all.of("fleet"),
    make: (name) => furnish(make(name)),
    one_machine,
  });
  const api = apiOn({ ...shared, chance: all.of("network"), fleet: theFleet, report });
  return {
    time,
    chance: all,
    trace: log,
    faults,
    changes,
    messages,
    readers,
    fleet,
    api,
    ways,
    errors,
    begun_at: START,
  };
}
