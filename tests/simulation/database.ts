import { documentClient } from "@omoios/adapters/dynamodb/client";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import { type Clients, makeClients } from "./wire/clients.ts";
import { ask, connectTo, type Emulator } from "./wire/emulator.ts";

/** An emulator and the AWS clients of one worker. Each seed has tables of its own in it. */
export interface Database {
  emulator: Emulator;
  clients: Clients;
  make(names: TableNames): Promise<void>;
  drop(names: TableNames): Promise<void>;
  stop(): Promise<void>;
}

export interface TableNames {
  state: string;
  pulse: string;
}

export async function startDatabase(): Promise<Database> {
  const { endpoint, stop } = await startDynamoDb();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = documentClient({ endpoint, region: "local", credentials });
  const { emulator, close } = connectTo(endpoint);
  return {
    emulator,
    clients: await makeClients(),
    make: (names) => createTables(client, { ...names }),
    async drop(names) {
      for (const TableName of Object.values(names)) await ask(emulator, "DynamoDB_20120810.DeleteTable", { TableName });
    },
    async stop() {
      client.destroy();
      close();
      await stop();
    },
  };
}
