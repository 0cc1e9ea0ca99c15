import type { SendWebhook, WebhookRules } from "@omoios/domain/agents/webhooks";
import { webhookHeaders } from "@omoios/domain/webhook-signature";
import { toRfc3339 } from "@omoios/kernel/clock";
import { guardedPost, type Lookup } from "./guarded-post.ts";
import { isPrivateAddress } from "./private-address.ts";
import { newWebhookSecret } from "./webhook-secret.ts";

const TIMEOUT_MS = 5_000;
const TRIES = 2;
const BETWEEN_MS = 500;

export interface WebhookOptions {
  /** Lets them go to private and loopback addresses, and over HTTP. */
  allow_private: boolean;
  sleep: (ms: number) => Promise<void>;
  lookup?: Lookup;
}

export type Webhooks = WebhookRules & { send: SendWebhook };

/**
 * What is wrong with a url to send to, as far as it can be read from it: a name is looked up only when something is sent.
 * @param allow_private lets it lead to private and loopback addresses, and over HTTP
 */
export const webhookFault =
  (allow_private: boolean) =>
  (url: string): string | undefined => {
    const { protocol, hostname, username, password } = new URL(url);
    if (username !== "" || password !== "") return "must not hold a user or a password";
    if (protocol !== "https:" && !(allow_private && protocol === "http:")) {
      return allow_private ? "must begin with https:// or http://" : "must begin with https://";
    }
    if (allow_private) return undefined;
    if (!isPrivateAddress(hostname) && !/(^|\.)localhost\.?$/.test(hostname)) return undefined;
    return "must not lead to a private or loopback address";
  };

/** Webhooks after Standard Webhooks. A name is judged by the addresses that the connection itself is made to. */
export function webhooksOf({ allow_private, sleep, lookup }: WebhookOptions): Webhooks {
  const faultOf = webhookFault(allow_private);
  return {
    faultOf,
    newSecret: newWebhookSecret,
    async send({ url, secret }, { id, at, type, data }) {
      const fault = faultOf(url);
      if (fault !== undefined) throw new Error(`The webhook's url ${fault}`);
      const body = JSON.stringify({ type, timestamp: toRfc3339(at), data });
      const headers = { "content-type": "application/json", ...webhookHeaders(secret, id, at, body) };
      for (let tries = 1; ; tries++) {
        const post = guardedPost(url, { headers, body, allow_private, timeout_ms: TIMEOUT_MS, lookup });
        const answer = await post.then(({ status }) => status).catch((error: Error) => error);
        if (typeof answer === "number" && answer >= 200 && answer < 300) return;
        if (tries >= TRIES || !isPassing(answer))
          throw new Error(`The webhook was not taken: ${answer instanceof Error ? answer.message : answer}`);
        await sleep(BETWEEN_MS);
      }
    },
  };
}

const isPassing = (answer: number | Error) =>
  answer instanceof Error || answer >= 500 || answer === 408 || answer === 429;
