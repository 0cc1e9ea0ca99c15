import { createServer } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
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

/** Whether the specification's own library takes the message for signed. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (refusal) {
    if (refusal instanceof WebhookVerificationError) return false;
    throw refusal;
  }
}
