import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { codeOf } from "./processes.ts";
import { StartError } from "./start-error.ts";

export interface Listener {
  url: string;
  close(): Promise<void>;
}

type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/**
 * Serves HTTP on 127.0.0.1; port 0 takes any free one.
 * @throws StartError where the port is taken.
 */
export function listen(port: number, handle: RequestListener, onUpgrade?: OnUpgrade): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  if (onUpgrade !== undefined) {
    server.on("upgrade", (request, stream, head) => {
      // A client that goes away in the middle of its handshake breaks nothing.
      stream.on("error", () => stream.destroy());
      onUpgrade(request, stream, head);
    });
  }
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(codeOf(error) === "EADDRINUSE" ? portTaken(port) : error));
    server.listen(port, "127.0.0.1", () => resolve({ url: urlOf(server), close: () => close(server) }));
  });
}

export function portTaken(port: number): StartError {
  return new StartError(
    `Port ${port} is taken: end what listens there, or start with another one (--port ${port + 1}).`,
  );
}

/** The whole body; `undefined` once it is longer than the limit, with the rest left unread. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += (part as Buffer).length;
    if (length > limitBytes) return undefined;
    parts.push(part as Buffer);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function urlOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
    // What is still being answered gets a moment; then its connection goes too.
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}
