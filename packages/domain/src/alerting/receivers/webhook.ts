import { webhookHeaders } from "../../webhook-signature.ts";
import type { ReceiverOf } from "../routing-config.ts";
import type { Build, HttpPayload } from "./payload.ts";

/** The body that Alertmanager's webhook gives, signed after Standard Webhooks. The id is the same at each try. */
export const webhook: Build<ReceiverOf<"webhook">, HttpPayload> = ({ url = "", secret = "" }, notice, at) => {
  const body = JSON.stringify(notice.notification);
  const signed = webhookHeaders(secret, notice.notification_id, at, body);
  return { kind: "http", url, headers: { "content-type": "application/json", ...signed }, body };
};
