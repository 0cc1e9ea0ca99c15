import { documentClient } from "@omoios/adapters/dynamodb/client";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { type DynamoDb, startDynamoDb } from "@omoios/local/dynamodb/start";
import { type Clients, makeClients } from "./wire/clients.ts";
import { type Connection, connectTo, type Emulator, emulatorFor } from "./wire/emulator.ts";

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

export async function startDatabase(): Promise<Database> {
  const clients = await makeClients();
  let started: Started | undefined;
  let runs = 0;

  const stop = async (): Promise<void> => {
    started?.client.destroy();
    started?.connection.close();
    await started?.server.stop();
    started = undefined;
  };

  return {
    clients,
    async open() {
      if (runs++ % RUNS_PER_EMULATOR === 0) await stop();
      started ??= await start();
      const own = { state: `state-${runs}`, pulse: `pulse-${runs}` };
      await createTables(started.client, own);
      return emulatorFor(started.connection, { [TABLES.state]: own.state, [TABLES.pulse]: own.pulse });
    },
    stop,
  };
}

interface Started {
  server: DynamoDb;
  connection: Connection;
  /** Makes the tables, past the simulation. */
  client: ReturnType<typeof documentClient>;
}

async function start(): Promise<Started> {
  const server = await startDynamoDb();
  const { endpoint } = server;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { server, connection: connectTo(endpoint), client: documentClient({ endpoint, region: "local", credentials }) };
}
