import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { until } from "./until.ts";

/** What was pushed to an agent. */
interface Assignment {
  agent_id: string;
  task_id: string;
  fence: number;
  accept_by: string;
}

interface Received {
  headers: Record<string, string>;
  body: string;
}

export interface WebhookReceiver {
  url: string;
  received: Received[];
  /** Each message as its receiver reads it, once its signature was verified with this key. */
  assignments(secret: string): Assignment[];
  /** The assignment of that task, when it has come. */
  assignmentOf(task_id: string, secret: string): Promise<Assignment>;
  stop(): Promise<void>;
}

/** An agent's own server, which takes webhooks. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(parts).toString("utf8") });
    response.writeHead(204).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const assignments = (secret: string) =>
    received
      .filter((message) => isSignedWith(secret, message))
      .map(({ body }) => JSON.parse(body) as { type: string; data: Assignment })
      .filter(({ type }) => type === "task.assigned")
      .map(({ data }) => data);
  return {
    url: `http://127.0.0.1:${port}/agent`,
    received,
    assignments,
    assignmentOf: (task_id, secret) =>
      until(`${task_id} was pushed`, async () => assignments(secret).find((each) => each.task_id === task_id)),
    stop: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** As the Standard Webhooks specification says it, without the plane's own code. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature = "" } = headers;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  return signature.split(" ").some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
