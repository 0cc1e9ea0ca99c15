import { BASE_PATH } from "../routes/route.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { PushedName, SchemaBook } from "./schema-book.ts";

const signed = (name: string, description: string) => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

/** Headers of every webhook, as components: those of Standard Webhooks. */
export const webhookHeaders = {
  "webhook-id": signed("webhook-id", "The same at each try: what was taken once need not be taken again."),
  "webhook-timestamp": signed(
    "webhook-timestamp",
    "When it was signed, in seconds since 1970: refuse what is more than five minutes away from your clock.",
  ),
  "webhook-signature": signed(
    "webhook-signature",
    "`v1,` and, in base64, the HMAC-SHA256 of id, timestamp and the body as it came, with a full stop between them. There may be several, with spaces between them: one that fits is enough.",
  ),
} as const;

const HOW_SIGNED =
  "The secret is `whsec_` and the key in base64. Any library of Standard Webhooks (standardwebhooks.com) verifies it.";

type WebhookName = Exclude<PushedName, "wake">;

const WEBHOOKS: Record<WebhookName, { summary: string; description: string }> = {
  "task.assigned": {
    summary: "A task was assigned to an agent that registered with `delivery: {mode: push, url}`",
    description: `Sent to that url, and signed with the \`webhook_secret\` of the registration's answer. ${HOW_SIGNED} The agent answers 2xx within 5 s, then takes the task by \`POST ${BASE_PATH}/tasks/{task_id}/accept\`. After a 5xx, 408, 429 or no answer it is sent once more.`,
  },
  alerts: {
    summary: "A group of alerts fires, has changed or is resolved",
    description: `Sent to each receiver of \`type: webhook\` in \`config/alert_routing.yaml\`, and signed with that receiver's \`secret\`. ${HOW_SIGNED} The body is that of Alertmanager's webhook, version 4. A 5xx, 408, 429 or no answer within 15 s is tried again for 24 hours; any other refusal is final.`,
  },
};

/** A webhook as OpenAPI has it: the request that the plane sends. */
interface DescribedWebhook {
  post: {
    summary: string;
    description: string;
    parameters: { $ref: string }[];
    requestBody: { required: boolean; content: { "application/json": { schema: JsonSchema } } };
    responses: Record<string, { description: string }>;
  };
}
export type DescribedWebhooks = Record<WebhookName, DescribedWebhook>;

export function webhooksOf(book: SchemaBook): DescribedWebhooks {
  const described = (name: WebhookName): DescribedWebhook => ({
    post: {
      ...WEBHOOKS[name],
      parameters: Object.keys(webhookHeaders).map((header) => ({ $ref: `#/components/parameters/${header}` })),
      requestBody: { required: true, content: { "application/json": { schema: book.pushed(name) } } },
      responses: { "2XX": { description: "Taken" } },
    },
  });
  return { "task.assigned": described("task.assigned"), alerts: described("alerts") };
}

/** A socket, which OpenAPI has no words for: it stands under `x-sockets`. */
export interface DescribedSocket {
  name: string;
  summary: string;
  description: string;
  /** What each frame of text holds, as JSON. */
  message: JsonSchema;
}

export function socketsOf(book: SchemaBook): DescribedSocket[] {
  return [
    {
      name: "wake",
      summary: "An agent holds it to hear at once that there is work, and what is sent to its channels",
      description: `Opened as a WebSocket at the \`wake_url\` that the registration's answer and \`GET ${BASE_PATH}/agents/{agent_id}/registration\` give (null where a stage has none), with \`Authorization: Bearer\` and the agent's access token. A handshake is refused with 401, 403 or 429. An agent has one: a newer one takes the place of the older. Nothing that is sent on it is read; a ping each minute keeps it, as silence ends it after ten minutes, and two hours end it in any case. It is a hint and no promise: \`wake\` asks for a claim; \`messages\` come with the answers to heartbeats and claims as well, until \`acked\` names their number there.`,
      message: book.pushed("wake"),
    },
  ];
}
