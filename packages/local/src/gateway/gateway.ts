import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listener, listen, readBody } from "../http.ts";
import { FunctionTimeout, type LocalFunction } from "../invoke.ts";
import { requestEvent, splitUrl } from "./request-event.ts";
import { type Route, routeTable } from "./routes.ts";
import type { Sockets } from "./sockets.ts";
import { writeAnswer, writeMessage } from "./write-answer.ts";

export interface GatewayOptions {
  port: number;
  account: string;
  routes: readonly Route<LocalFunction>[];
  reportError(error: unknown): void;
  /** WebSocket APIs of the same address. */
  sockets?: readonly Pick<Sockets, "upgrade">[];
}

/** Lambda takes no request body over 6 MB, and gives back no answer over it. */
const BODY_BYTES = 6 * 1024 * 1024;

/**
 * Serves the topology's routes on 127.0.0.1 as an HTTP API with Lambda behind it. It streams nothing.
 * @throws StartError where the port is taken.
 */
export function startGateway({ port, account, routes, reportError, sockets = [] }: GatewayOptions): Promise<Listener> {
  const find = routeTable(routes);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const match = find(request.method ?? "GET", splitUrl(request.url ?? "/").path);
    if (match === undefined) return writeMessage(response, 404, "Not Found");
    const body = await readBody(request, BODY_BYTES);
    if (body === undefined) return refuseBody(request, response);
    const event = requestEvent(request, body, match, { account, now: Date.now() });
    const result = await match.target.invoke(event);
    if (isTooLarge(result)) throw new Error("The answer is more than Lambda gives back");
    writeAnswer(response, result);
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((error: unknown) => {
      // The client left while its body came: nobody waits for an answer, and nothing is broken.
      if (request.destroyed && !request.complete) return;
      reportError(error);
      if (response.headersSent) response.destroy();
      else if (error instanceof FunctionTimeout) writeMessage(response, 503, "Service Unavailable");
      else writeMessage(response, 500, "Internal Server Error");
    });
  };
  return listen(port, answer, (request, stream, head) => {
    if (!sockets.some(({ upgrade }) => upgrade(request, stream, head))) stream.end("HTTP/1.1 404 Not Found\r\n\r\n");
  });
}

/** A short text is not measured: as JSON a unit of it takes six bytes at most. */
function isTooLarge(result: unknown): boolean {
  const { body } = Object(result);
  if (typeof body === "string" && body.length * 6 < BODY_BYTES) return false;
  return Buffer.byteLength(JSON.stringify(result ?? null)) > BODY_BYTES;
}

/** The rest of the body is thrown away as it comes, so that a client that is still sending gets to read the answer. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("connection", "close");
  writeMessage(response, 413, "Request Entity Too Large");
  request.resume();
}
