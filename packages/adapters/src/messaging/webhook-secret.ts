import { randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** A new key to sign webhooks with, as Standard Webhooks writes one. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
