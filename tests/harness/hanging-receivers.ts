import { createServer, type ServerResponse } from "node:http";
import { notification } from "@omoios/contracts/shapes/alert";

/** Receivers behind one server, each with its name as the path: all but `good` let their callers wait until they are released. */
export async function startHangingReceivers() {
  const told = new Map<string, Set<string>>();
  const waiting = new Set<ServerResponse>();
  const seen = { hangs: true, most: 0, ended: 0 };
  const toldOf = (name: string) => {
    const its = told.get(name) ?? new Set<string>();
    told.set(name, its);
    return its;
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { alerts } = notification().parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
    const name = (request.url ?? "/").slice(1);
    if (name === "good" || !seen.hangs) {
      for (const { labels } of alerts) toldOf(name).add(labels.host ?? "");
      response.writeHead(200).end();
      return;
    }
    waiting.add(response);
    seen.most = Math.max(seen.most, waiting.size);
    response.once("close", () => {
      waiting.delete(response);
      seen.ended++;
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    /** The hosts that one was told of, by its name. */
    toldOf,
    /** The most that hung at a time, and how many do no more. */
    seen,
    waiting,
    url: (name: string) => `${url}/${name}`,
    /** Those who wait are cut off, and nobody waits from now on. */
    release() {
      seen.hangs = false;
      for (const response of waiting) response.destroy();
    },
    stop: () => new Promise((closed) => server.close(closed)),
  };
}
