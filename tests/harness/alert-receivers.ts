import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Notification, notification } from "@omoios/contracts/shapes/alert";
import { until } from "./until.ts";
import { isSignedWith } from "./webhook-receiver.ts";

const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));

interface Taken {
  id: string;
  signed: boolean;
  body: Notification;
  /** What it was answered. */
  status: number;
}

export interface AlertReceivers {
  /** A receiver's url by its name. */
  url(name: string): string;
  /** What that one is answered next, one after the other; then 200. */
  answers(name: string, ...statuses: number[]): void;
  /** What that one was sent of the alerts with that label value, in its order. */
  taken(name: string, value: string): Taken[];
  /** The same, as soon as it is so many. */
  takes(name: string, value: string, count: number): Promise<Taken[]>;
  stop(): Promise<void>;
}

/** Receivers of alerts behind one server: each has its name as the path. */
export async function startAlertReceivers(secret: string): Promise<AlertReceivers> {
  const taken = new Map<string, Taken[]>();
  const next = new Map<string, number[]>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString("utf8");
    const headers = request.headers as Record<string, string>;
    const name = (request.url ?? "/").slice(1);
    const status = next.get(name)?.shift() ?? 200;
    const [id, signed] = [headers["webhook-id"] ?? "", isSignedWith(secret, { headers, body })];
    taken.set(name, [...(taken.get(name) ?? []), { id, signed, status, body: notification().parse(JSON.parse(body)) }]);
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const takenOf = (name: string, value: string) =>
    (taken.get(name) ?? []).filter(({ body }) =>
      body.alerts.some(({ labels }) => Object.values(labels).includes(value)),
    );
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    answers: (name, ...statuses) => void next.set(name, statuses),
    taken: takenOf,
    takes: (name, value, count) =>
      until(`${name} was sent ${count} of ${value}`, async () => {
        const all = takenOf(name, value);
        return all.length >= count && all;
      }),
    stop: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** The shipped configuration with another alert routing, whose receivers may be on this machine, and these policies of the watchdog, none unless given, in a folder of its own. */
export function configWith(
  alert_routing: string,
  policies: Readonly<Record<string, string>> = {},
): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "omoi-config-"));
  cpSync(CONFIG, dir, { recursive: true });
  writeFileSync(join(dir, "alert_routing.yaml"), alert_routing);
  const stages = join(dir, "stages.yaml");
  const allowing = "\nstages:\n  local: { allow_private_webhooks: true }\n";
  writeFileSync(stages, readFileSync(stages, "utf8").replace("\nstages:\n", allowing));
  const folder = join(dir, "watchdog_policies");
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(policies)) writeFileSync(join(folder, `${name}.yaml`), text);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A routing by which each alert is told at once, by mail. */
export const MAIL_AT_ONCE = `
receivers: [{ name: mail, type: email, to: [oncall@example.com] }]
route: { receiver: mail, group_by: ['...'], group_wait: 0s, group_interval: 1s }
`;
