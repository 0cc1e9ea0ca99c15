import { createHmac } from "node:crypto";
import type { Instant } from "@omoios/kernel/clock";

/**
 * The headers of Standard Webhooks: id, time, and the HMAC-SHA256 of both with the body.
 * @param secret `whsec_…`; the prefix may be left out
 */
export function webhookHeaders(secret: string, id: string, at: Instant, body: string): Record<string, string> {
  const seconds = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": `v1,${signature}` };
}
