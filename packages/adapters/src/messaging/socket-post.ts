import { Sha256 } from "@aws-crypto/sha256-js";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Post } from "@omoios/domain/agents/sockets";
import { SignatureV4 } from "@smithy/signature-v4";

/** A hint that takes longer is of no use. */
const TIMEOUT_MS = 3_000;

/**
 * Sends on connections of a WebSocket API: `PostToConnection`, signed by hand, since the one call is not worth another client.
 * @param endpoint the API's stage: `https://….amazonaws.com/wake`
 * @param signing whose region and credentials sign; any client's configuration
 */
export function socketPost(endpoint: string, signing: Pick<SQSClient["config"], "region" | "credentials">): Post {
  const signer = new SignatureV4({ service: "execute-api", sha256: Sha256, ...signing });
  return async (connection_id, message) => {
    const url = new URL(`${endpoint}/%40connections/${encodeURIComponent(connection_id)}`);
    const body = JSON.stringify(message);
    const signed = await signer.sign({
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, "content-type": "application/json" },
      body,
    });
    const { host: _, ...headers } = signed.headers;
    const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await answer.text();
    if (answer.ok) return "sent";
    if (answer.status === 410) return "gone";
    throw new Error(`The connection took nothing: ${answer.status} ${text.slice(0, 200)}`);
  };
}
