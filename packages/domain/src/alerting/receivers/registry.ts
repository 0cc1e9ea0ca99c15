import type { Instant } from "@omoios/kernel/clock";
import type { Notice } from "../notice.ts";
import type { Receiver } from "../routing-config.ts";
import { email } from "./email.ts";
import { pagerduty } from "./pagerduty.ts";
import type { Payload } from "./payload.ts";
import { slack } from "./slack.ts";
import { webhook } from "./webhook.ts";

/**
 * What a receiver is sent.
 * @param receiver with its secrets in it (`withSecrets`)
 * @param at when it is sent, which a signature names
 */
export function payloadFor(receiver: Receiver, notice: Notice, at: Instant): Payload {
  switch (receiver.type) {
    case "email":
      return email(receiver, notice, at);
    case "slack":
      return slack(receiver, notice, at);
    case "webhook":
      return webhook(receiver, notice, at);
    case "pagerduty":
      return pagerduty(receiver, notice, at);
  }
}
