import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import { makeProcess } from "./processes.ts";
import { type Clients, makeClients } from "./wire/clients.ts";
import { type Connection, connectTo, type Emulator, emulatorFor } from "./wire/emulator.ts";
import { responseOf, targetOf, textOf, type Wire } from "./wire/wire.ts";

/** The emulator and the AWS clients of one worker. */
export interface Database {
  clients: Clients;
  /** The emulator with new tables in it, for one run. */
  open(): Promise<Emulator>;
  stop(): Promise<void>;
}

/** What a run calls its tables. */
export const TABLES = { state: "simulated-state", pulse: "simulated-pulse" };

/** The emulator keeps all that ever went through its streams, and slows down by it. */
const RUNS_PER_EMULATOR = 20;
/** Where there is such a folder, its files are in memory: a third of the emulator's time goes into its file. */
const MEMORY = "/dev/shm";

export function startDatabase(): Database {
  const clients = makeClients();
  let started: Started | undefined;
  let runs = 0;

  const stop = async (): Promise<void> => {
    await started?.stop();
    started = undefined;
  };

  return {
    clients,
    async open() {
      if (runs++ % RUNS_PER_EMULATOR === 0) await stop();
      started ??= await start();
      const own = { state: `state-${runs}`, pulse: `pulse-${runs}` };
      await createTables(clients.document({ process: makeProcess("tables"), wire: wireTo(started.connection) }), own);
      return emulatorFor(started.connection, { [TABLES.state]: own.state, [TABLES.pulse]: own.pulse });
    },
    stop,
  };
}

interface Started {
  connection: Connection;
  stop(): Promise<void>;
}

async function start(): Promise<Started> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "omoi-simulation-"));
  const { endpoint, stop } = await startDynamoDb({ path: join(folder, "tables.db") });
  const connection = connectTo(endpoint);
  return {
    connection,
    async stop() {
      connection.close();
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Past the simulation, where nothing goes wrong. */
const wireTo =
  ({ emulator }: Connection): Wire =>
  async (request) => {
    const { status, body: text } = await emulator(targetOf(request), textOf(request));
    return responseOf({ status, text });
  };
