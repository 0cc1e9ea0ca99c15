import { createServer, type ServerResponse } from "node:http";
import { notification } from "@omoios/contracts/shapes/alert";
import { configWith } from "./alert-receivers.ts";
import { RECEIVER_KEY } from "./alerted-plane.ts";
import { startTestPlane } from "./plane.ts";

/** Receivers behind one server, each with its name as the path: all but `good` let their callers wait until they are released. */
async function startHangingReceivers() {
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

/** A plane whose alerts go to `good`, and those of a team to the receiver of its name, which hangs. */
export async function startHangingPlane(hung: readonly string[]) {
  const receivers = await startHangingReceivers();
  const webhook = (name: string) =>
    `{ name: ${name}, type: webhook, url: "${receivers.url(name)}", secret: "${RECEIVER_KEY}" }`;
  const config = configWith(`
receivers:
${["good", ...hung].map((name) => `  - ${webhook(name)}`).join("\n")}
route:
  receiver: good
  group_by: ['...']
  group_wait: 0s
  routes:
${hung.map((name) => `    - { matchers: ['team="${name}"'], receiver: ${name} }`).join("\n")}
`);
  const plane = await startTestPlane({}, { config: config.dir });
  return {
    plane,
    receivers,
    /** One webhook with an alert for each of a host and a team. */
    says: (alerts: readonly { host: string; team: string }[]) =>
      plane.operator.ingestAlertmanager({
        body: {
          version: "4",
          alerts: alerts.map((each) => ({ status: "firing" as const, labels: { alertname: "disk_full", ...each } })),
        },
      }),
    async stop() {
      await plane.stop();
      await receivers.stop();
      config.remove();
    },
  };
}
