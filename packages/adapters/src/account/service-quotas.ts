import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Whereabouts } from "./account.ts";

interface Quota {
  QuotaName?: string;
  Value?: number;
}

interface Page {
  Quotas?: Quota[];
  NextToken?: string;
}

/** The account's own values come first; what was never changed stands only in the list of defaults. */
const LISTS = ["ListServiceQuotas", "ListAWSDefaultServiceQuotas"] as const;

/**
 * The value of a quota of a service, such as `events`, by a part of its name; undefined where Service Quotas lists none.
 * @throws where Service Quotas refuses or does not answer
 */
export async function quotaOf(at: Whereabouts, service: string, named: RegExp): Promise<number | undefined> {
  for (const list of LISTS) {
    let next: string | undefined;
    do {
      const page: Page = await ask(at, list, { ServiceCode: service, ...(next ? { NextToken: next } : {}) });
      const found = page.Quotas?.find(({ QuotaName = "" }) => named.test(QuotaName));
      if (found?.Value !== undefined) return found.Value;
      next = page.NextToken;
    } while (next);
  }
  return undefined;
}

async function ask(at: Whereabouts, operation: string, input: object): Promise<Page> {
  const url = new URL(endpointOf(at.region));
  const signer = new SignatureV4({ service: "servicequotas", sha256: Sha256, ...at });
  const signed = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    path: "/",
    headers: {
      host: url.host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `ServiceQuotasV20190624.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const { host: _, ...headers } = signed.headers;
  const reply = await fetch(url, { method: "POST", headers, body: signed.body, signal: AbortSignal.timeout(10_000) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`Service Quotas answered ${reply.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Page;
}

function endpointOf(region: string): string {
  const { AWS_ENDPOINT_URL_SERVICE_QUOTAS, AWS_ENDPOINT_URL } = process.env;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return AWS_ENDPOINT_URL_SERVICE_QUOTAS || AWS_ENDPOINT_URL || `https://servicequotas.${region}.${domain}`;
}
