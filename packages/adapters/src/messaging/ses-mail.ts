import { Sha256 } from "@aws-crypto/sha256-js";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Sent } from "@omoios/domain/alerting/deliver";
import { DELIVERY_TIMEOUT_MS } from "@omoios/domain/alerting/delivery";
import type { MailPayload } from "@omoios/domain/alerting/receivers/payload";
import { SignatureV4 } from "@smithy/signature-v4";
import { mailMessage } from "./mail-message.ts";
import { sesOutcome } from "./ses-outcome.ts";

export interface SesOptions {
  /** SES's address; on one machine a stand-in's. */
  endpoint: string;
  /** Whose mails they are; without it none is sent. */
  from: string | undefined;
  /** Whose region and credentials sign; any client's configuration. */
  signing: Pick<SQSClient["config"], "region" | "credentials">;
}

/**
 * Sends a mail: SES's `SendRawEmail`, signed by hand, since headers that thread mails need the raw call and it is not worth another client.
 */
export function sesMail({ endpoint, from, signing }: SesOptions): (mail: MailPayload) => Promise<Sent> {
  const signer = new SignatureV4({ service: "ses", sha256: Sha256, ...signing });
  return async (mail) => {
    if (from === undefined) return { refused: "the stage has no mail_from in stages.yaml" };
    const url = new URL(endpoint);
    const form = new URLSearchParams({
      Action: "SendRawEmail",
      Version: "2010-12-01",
      "RawMessage.Data": Buffer.from(mailMessage(mail, from), "utf8").toString("base64"),
    });
    const body = form.toString();
    const signed = await signer.sign({
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: "/",
      headers: { host: url.host, "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    const { host: _, ...headers } = signed.headers;
    try {
      const signal = AbortSignal.timeout(DELIVERY_TIMEOUT_MS);
      const answer = await fetch(url, { method: "POST", headers, body, signal });
      return sesOutcome(answer.status, answer.headers.get("x-amzn-errortype") ?? undefined, await answer.text());
    } catch (error) {
      return { fault: error instanceof Error && error.name === "TimeoutError" ? "timeout" : "network" };
    }
  };
}
