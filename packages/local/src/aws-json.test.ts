import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awsCaller } from "./aws-json.ts";

const server = createServer((_, response) => response.end('{"Messages": ['));
let endpoint = "";
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed).closeAllConnections()));

it("rejects where an answer that says it went well is broken", async () => {
  const call = awsCaller("sqs", endpoint, "local");
  await expect(call("ReceiveMessage", {})).rejects.toThrow("ReceiveMessage: the answer is not JSON");
});
