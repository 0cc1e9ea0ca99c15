import { randomBytes } from "node:crypto";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { listen, readBody } from "../http.ts";
import type { LocalFunction } from "../invoke.ts";
import { splitUrl } from "./request-event.ts";
import { type SocketSetting, socketEvent } from "./socket-event.ts";
import { writeMessage } from "./write-answer.ts";

/** What API Gateway sends in one frame at most. */
const MESSAGE_BYTES = 128 * 1024;
const CONNECTION = /^\/(?:@|%40)connections\/([^/]+)$/i;

export interface SocketApi extends SocketSetting {
  /** Where clients connect. */
  path: string;
  target: LocalFunction;
  reportError(error: unknown): void;
}

export interface Sockets {
  /** Handles an `upgrade` of the gateway's server; false where the path is another's. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): boolean;
  /** Where `POST /@connections/<id>` sends on a connection. */
  endpoint: string;
  close(): Promise<void>;
}

/**
 * A WebSocket API with Lambda behind it: `$connect` decides, `$disconnect` is told, what clients send is dropped, and a second listener
 * on the loopback address takes what is to be sent. Connections live as long as this process lets them.
 */
export async function openSockets(api: SocketApi): Promise<Sockets> {
  const server = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES });
  const open = new Map<string, WebSocket>();
  const underWay = new Set<Promise<unknown>>();
  let closing = false;
  const tell = (event: unknown) => {
    const told = api.target.invoke(event).catch(api.reportError);
    underWay.add(told);
    void told.finally(() => underWay.delete(told));
  };

  async function connect(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const connection_id = randomBytes(11).toString("base64");
    const event = (type: "CONNECT" | "DISCONNECT") => socketEvent(type, connection_id, request, api);
    const status = statusOf(await api.target.invoke(event("CONNECT")));
    if (status < 200 || status > 299) return refuse(stream, status);
    // A client that left meanwhile was let in all the same, as far as the function knows.
    if (stream.destroyed) return tell(event("DISCONNECT"));
    server.handleUpgrade(request, stream, head, (socket) => {
      open.set(connection_id, socket);
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        open.delete(connection_id);
        tell(event("DISCONNECT"));
      });
    });
  }

  const management = await listen(0, (request, response) => {
    send(open, request, response).catch((error: unknown) => {
      api.reportError(error);
      response.destroy();
    });
  });
  return {
    endpoint: management.url,
    upgrade(request, stream, head) {
      if (splitUrl(request.url ?? "").path !== api.path) return false;
      if (closing) {
        refuse(stream, 503);
        return true;
      }
      connect(request, stream, head).catch((error: unknown) => {
        api.reportError(error);
        refuse(stream, 500);
      });
      return true;
    },
    async close() {
      closing = true;
      for (const socket of open.values()) socket.close(1001);
      const closed = [...open.values()].map((socket) => new Promise((done) => socket.once("close", done)));
      const cut = setTimeout(() => {
        for (const socket of open.values()) socket.terminate();
      }, 500);
      await Promise.all(closed);
      clearTimeout(cut);
      await Promise.all(underWay);
      await management.close();
    },
  };
}

async function send(open: ReadonlyMap<string, WebSocket>, request: IncomingMessage, response: ServerResponse) {
  const [, id = ""] = CONNECTION.exec(splitUrl(request.url ?? "").path) ?? [];
  if (request.method !== "POST" || id === "") return writeMessage(response, 404, "Not Found");
  const body = await readBody(request, MESSAGE_BYTES);
  if (body === undefined) return writeMessage(response, 413, "Payload Too Large");
  const socket = open.get(decodeURIComponent(id));
  if (socket === undefined || socket.readyState !== socket.OPEN) return writeMessage(response, 410, "Gone");
  await new Promise<void>((sent, failed) => {
    socket.send(body.toString("utf8"), (error) => (error ? failed(error) : sent()));
  });
  writeMessage(response, 200, "OK");
}

function statusOf(answer: unknown): number {
  const { statusCode } = (answer ?? {}) as { statusCode?: unknown };
  return typeof statusCode === "number" ? statusCode : 500;
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
