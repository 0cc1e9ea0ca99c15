import { createServer, type RequestListener, type Server } from "node:http";
import { SQSClient } from "@aws-sdk/client-sqs";
import { judgeAttempt } from "@omoios/domain/alerting/delivery";
import { afterAll, beforeAll, expect, it } from "vitest";
import { notificationSender } from "./notification-sender.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
let server: Server;
let url = "";
let answer: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
});

const sender = (allow_private = true) =>
  notificationSender({
    allow_private,
    secrets: async () => new Map(),
    mail: async () => ({ status: 200 }),
    sqs: new SQSClient({ region: "eu-central-1" }),
    dead_letter_url: () => "",
    timeout_ms: 200,
  });

const judged = (sent: Awaited<ReturnType<ReturnType<typeof sender>["send"]>>) => {
  if ("refused" in sent) throw new Error(sent.refused);
  return judgeAttempt(sent, { tries: 1, since: NOW, now: NOW, random: () => 0 });
};
const again = { do: "retry", at: NOW + 1_000 };

it.each<[string, RequestListener, object, object]>([
  ["hangs", () => undefined, { fault: "timeout" }, again],
  ["closes the connection", (request) => request.socket.destroy(), { fault: "network" }, again],
  ["is out of order", (_, response) => response.writeHead(503).end(), { status: 503 }, again],
  [
    "asks for a minute",
    (_, response) => response.writeHead(429, { "retry-after": "60" }).end(),
    { status: 429, retry_after: "60" },
    { do: "retry", at: NOW + 60_000 },
  ],
  [
    "asks for a time",
    (_, response) => response.writeHead(503, { "retry-after": "Mon, 05 Jan 2026 10:05:00 GMT" }).end(),
    { status: 503 },
    { do: "retry", at: NOW + 300_000 },
  ],
  [
    "refuses",
    (_, response) => response.writeHead(400).end(),
    { status: 400 },
    { do: "dead_letter", why: "refused", detail: "answered 400" },
  ],
  ["takes it", (_, response) => response.writeHead(204).end(), { status: 204 }, { do: "done" }],
])("a receiver that %s", async (_, listener, outcome, verdict) => {
  answer = listener;
  const sent = await sender().send({ kind: "http", url, headers: {}, body: "{}" });
  expect(sent).toMatchObject(outcome);
  expect(judged(sent)).toEqual(verdict);
});

it("a receiver at a private address is sent nothing where that is not allowed, and its url is told to nobody", async () => {
  const sent = await sender(false).send({ kind: "http", url: "https://10.0.0.1/secret", headers: {}, body: "{}" });
  expect(sent).toEqual({ refused: "the receiver's url must not lead to a private or loopback address" });
});
