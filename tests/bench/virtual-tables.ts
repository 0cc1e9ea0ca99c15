import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { documentClient, type Tables } from "@omoios/adapters/dynamodb/client";
import type { Random } from "@omoios/kernel/random";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import { connectTo } from "@omoios/simulation/wire/emulator";
import { TABLES } from "./import-tables.ts";

/** How long a request is on its way, to the table and back: about what DynamoDB takes. */
const TRAVEL_MS = { least: 1, most: 3 };

interface Sent {
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/**
 * The emulator's tables in virtual time: it answers one request after another, and each takes a few milliseconds of that time, however
 * long the emulator took. So many callers meet as they would in AWS, where requests do not wait for one another.
 */
export function virtualTables(endpoint: string, time: VirtualTime, random: Random): { tables: Tables; close(): void } {
  const { emulator, close } = connectTo(endpoint);
  const travelMs = () => TRAVEL_MS.least + random() * (TRAVEL_MS.most - TRAVEL_MS.least);
  const handle = ({ headers, body }: Sent) =>
    new Promise((resolve) => {
      time.after(travelMs(), async () => {
        const text = typeof body === "string" ? body : new TextDecoder().decode(body);
        const answer = await emulator(headers["x-amz-target"] ?? "", text);
        const response = {
          statusCode: answer.status,
          headers: { "content-type": "application/x-amz-json-1.0" },
          body: Buffer.from(answer.body),
        };
        time.after(travelMs(), () => resolve({ response }));
      });
    });
  const client = documentClient(settings(handle));
  return { tables: { client, ...TABLES, sleep: time.sleep }, close };
}

/** No retries, no signature, no lookup of anything. */
function settings(handle: (request: Sent) => Promise<unknown>): DynamoDBClientConfig {
  const handler = {
    handle,
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  return {
    endpoint: "http://virtual",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    signer: { sign: async <T>(request: T): Promise<T> => request },
    maxAttempts: 1,
    requestHandler: handler as unknown as NonNullable<DynamoDBClientConfig["requestHandler"]>,
  };
}
