import type { APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { Listener } from "../http.ts";
import { type Handler, localFunction } from "../invoke.ts";
import { startGateway } from "./gateway.ts";
import { openSockets, type Sockets } from "./sockets.ts";

type Event = APIGatewayProxyWebsocketEventV2 & { headers?: Record<string, string> };

let gateway: Listener;
let sockets: Sockets;
let status = 200;
const seen: Event[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  const handler: Handler = async (event) => {
    seen.push(event);
    if (status === 0) throw new Error("secret");
    return { statusCode: status };
  };
  const row = { name: "wake", purpose: "", entry: "", memory_mb: 512, timeout_seconds: 5, may: [] } as const;
  const target = localFunction(row, handler, {
    region: "us-east-1",
    account: "000000000000",
    settled: () => undefined,
  });
  const reportError = (error: unknown) => errors.push(error);
  sockets = await openSockets({ path: "/sockets/wake", target, account: "000000000000", reportError });
  gateway = await startGateway({ port: 0, account: "000000000000", routes: [], reportError, sockets: [sockets] });
});
beforeEach(() => {
  status = 200;
  seen.length = 0;
  errors.length = 0;
});
afterAll(async () => {
  await sockets.close();
  await gateway.close();
});

const open = (path = "/sockets/wake?stage=a") =>
  new WebSocket(`${gateway.url.replace("http", "ws")}${path}`, { headers: { authorization: "Bearer t" } });
const opened = (socket: WebSocket) => new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
const send = (id: string, body: string) =>
  fetch(`${sockets.endpoint}/%40connections/${encodeURIComponent(id)}`, { method: "POST", body });

it("asks the function at a connect, sends on the connection, and tells the function of its end", async () => {
  const socket = open();
  await opened(socket);
  const [connect] = seen;
  expect(connect).toMatchObject({
    headers: { authorization: "Bearer t" },
    queryStringParameters: { stage: "a" },
    requestContext: { eventType: "CONNECT", routeKey: "$connect", stage: "wake" },
  });
  const id = connect?.requestContext.connectionId ?? "";
  const heard = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
  expect((await send(id, '{"wake":true}')).status).toBe(200);
  expect(await heard).toBe('{"wake":true}');
  socket.close();
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  expect(seen[1]?.requestContext).toMatchObject({ eventType: "DISCONNECT", connectionId: id });
  expect(seen[1]).not.toHaveProperty("headers");
  expect((await send(id, "{}")).status).toBe(410);
});

it.each([
  [401, 401],
  [0, 500],
])("lets nobody in whom the function answers %s", async (answer, shown) => {
  status = answer;
  await expect(opened(open())).rejects.toThrow(`Unexpected server response: ${shown}`);
  expect(seen.map(({ requestContext }) => requestContext.eventType)).toEqual(["CONNECT"]);
});

it("has no socket at another path, and nothing else at the management address", async () => {
  await expect(opened(open("/elsewhere"))).rejects.toThrow("404");
  expect((await fetch(sockets.endpoint)).status).toBe(404);
  expect(seen).toEqual([]);
});
