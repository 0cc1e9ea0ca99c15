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
