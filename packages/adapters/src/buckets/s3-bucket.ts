import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Bucket } from "@omoios/domain/audit/ports";
import { type Backoff, backoffMs } from "@omoios/kernel/backoff";
import { systemRandom } from "@omoios/kernel/random";
import { SignatureV4 } from "@smithy/signature-v4";

const TIMEOUT_MS = 60_000;
const TRIES = 4;
const RETRY: Backoff = { base_ms: 200, cap_ms: 5_000, jitter: 0.5 };

interface S3Options {
  /** Where the names stand under: `https://<bucket>.s3.<region>.amazonaws.com/<folders>`. */
  prefix: string;
  signing: Pick<SQSClient["config"], "region" | "credentials">;
  sleep: (ms: number) => Promise<void>;
}

/**
 * Keeps files in an S3 bucket: `PutObject`, signed by hand, since the one call is not worth another client. S3 holds what arrives
 * against the SHA-256 that the request names, and keeps the checksum with the object.
 */
export function s3Bucket({ prefix, signing, sleep }: S3Options): Bucket {
  // S3 alone wants the path signed as it is sent.
  const signer = new SignatureV4({ service: "s3", sha256: Sha256, uriEscapePath: false, ...signing });

  async function tryPut(url: URL, body: Buffer): Promise<"kept" | Error> {
    const digest = createHash("sha256").update(body).digest();
    const signed = await signer.sign({
      method: "PUT",
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: url.pathname,
      headers: {
        host: url.host,
        "content-type": "application/x-ndjson",
        "x-amz-checksum-sha256": digest.toString("base64"),
        "x-amz-content-sha256": digest.toString("hex"),
      },
    });
    const { host: _, ...headers } = signed.headers;
    try {
      const answer = await fetch(url, { method: "PUT", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const text = await answer.text();
      if (answer.ok) return "kept";
      const refusal = new Error(`${url} was not written: ${answer.status} ${text.slice(0, 300)}`);
      if (answer.status < 500 && answer.status !== 429) throw new Refused(refusal.message);
      return refusal;
    } catch (error) {
      if (error instanceof Refused) throw error;
      return new Error(`${url} was not written: no answer`, { cause: error });
    }
  }

  return {
    async put(name, text) {
      const url = new URL(`${prefix.replace(/\/$/, "")}/${name}`);
      const body = Buffer.from(text);
      for (let tries = 0; ; tries++) {
        const outcome = await tryPut(url, body);
        if (outcome === "kept") return;
        if (tries === TRIES - 1) throw outcome;
        await sleep(backoffMs(RETRY, tries, systemRandom));
      }
    },
  };
}

/** What would be answered the same another time. */
class Refused extends Error {
  override readonly name = "Refused";
}
