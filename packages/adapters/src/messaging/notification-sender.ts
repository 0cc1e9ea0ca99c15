import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DeadNotification, Sender, Sent } from "@omoios/domain/alerting/deliver";
import { DELIVERY_TIMEOUT_MS } from "@omoios/domain/alerting/delivery";
import type { HttpPayload, MailPayload } from "@omoios/domain/alerting/receivers/payload";
import { messageText } from "@omoios/kernel/message-text";
import { guardedPost, type PostOptions, PrivateAddress } from "./guarded-post.ts";
import { webhookFault } from "./webhooks.ts";

export interface SenderOptions {
  /** Lets notifications go to private and loopback addresses, and over HTTP. */
  allow_private: boolean;
  secrets: Sender["secrets"];
  mail: (mail: MailPayload) => Promise<Sent>;
  sqs: SQSClient;
  dead_letter_url: () => string;
  /** How long a try over HTTP may take. */
  timeout_ms?: number;
}

/** Sends notifications: over HTTP by the guard of addresses, by mail through what is given. */
export function notificationSender({
  allow_private,
  secrets,
  mail,
  sqs,
  dead_letter_url,
  timeout_ms = DELIVERY_TIMEOUT_MS,
}: SenderOptions): Sender {
  const faultOf = webhookFault(allow_private);
  return {
    secrets,
    send: (payload) =>
      payload.kind === "mail" ? mail(payload) : post(payload, faultOf, { allow_private, timeout_ms }),
    async dead(letter: DeadNotification) {
      await sqs.send(new SendMessageCommand({ QueueUrl: dead_letter_url(), MessageBody: messageText(letter) }));
    },
  };
}

async function post(
  { url, headers, body }: HttpPayload,
  faultOf: ReturnType<typeof webhookFault>,
  options: Pick<PostOptions, "allow_private" | "timeout_ms">,
): Promise<Sent> {
  // The url itself is a secret, and no log may hold it.
  const fault = URL.canParse(url) ? faultOf(url) : "is none";
  if (fault !== undefined) return { refused: `the receiver's url ${fault}` };
  try {
    return await guardedPost(url, { headers, body, ...options });
  } catch (error) {
    if (error instanceof PrivateAddress) return { refused: "the receiver's url leads to a private address" };
    return { fault: error instanceof Error && error.name === "AbortError" ? "timeout" : "network" };
  }
}
