import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "@omoios/adapters/dynamodb/client";
import { expect, onTestFinished, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

test("requests are signed with the keys that their provider gives at the time", async () => {
  const { endpoint, tables, stop } = await withTables();
  let asked = 0;
  // Each of them has ended, so that the next request asks for others.
  const credentials = async () => ({ accessKeyId: `key${++asked}`, secretAccessKey: "local", expiration: new Date(0) });
  const client = documentClient({ endpoint, region: "local", credentials });
  onTestFinished(() => {
    client.destroy();
    return stop();
  });
  const signed: string[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      signed.push(/Credential=(\w+)\//.exec(headers.authorization ?? "")?.[1] ?? "unsigned");
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "seen" },
  );
  for (const pk of ["a", "b"]) await client.send(new GetCommand({ TableName: tables.state, Key: { pk, sk: "row" } }));
  expect(new Set(signed).size).toBe(2);
  expect(signed).not.toContain("unsigned");
});
