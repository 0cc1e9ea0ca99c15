import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { startDynamoDb } from "@omoios/local/dynamodb/start";

/** The topology's tables in an emulator of their own, empty. Whoever asked for them stops it. */
export async function withTables(): Promise<{ tables: Tables; endpoint: string; stop: () => Promise<void> }> {
  const { endpoint, stop } = await startDynamoDb();
  const client = documentClient({
    endpoint,
    region: "local",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const names = { state: "state", pulse: "pulse" };
  await createTables(client, names);
  return {
    tables: { client, ...names, sleep: systemSleep },
    endpoint,
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}

/**
 * The same tables, whose commands go through `around`: it may note one, hold it up, or answer in the tables' place.
 * @param around is given the command and what sends it
 */
export function tablesAround(
  tables: Tables,
  around: (command: object, send: () => Promise<unknown>) => Promise<unknown>,
): Tables {
  const client: Tables["client"] = new Proxy(tables.client, {
    get: (target, name) =>
      name === "send"
        ? (command: object) => around(command, () => target.send(command as never))
        : Reflect.get(target, name),
  });
  return { ...tables, client };
}
