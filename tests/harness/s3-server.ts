import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with the next request in place of what it is asked to. */
type Fault = "unavailable" | "denied" | "lost answer";

export interface S3Server {
  url: string;
  /** What lies in it, by path. */
  objects: Map<string, string>;
  /** The paths that were put, also those that failed. */
  asked: string[];
  faults: Fault[];
  close(): Promise<void>;
}

export const S3_CREDENTIALS = { accessKeyId: "AKIDTEST", secretAccessKey: "a secret of the test" };
export const S3_REGION = "eu-central-1";

/** S3's `PutObject` on loopback: it refuses, as S3 does, a signature or a checksum that does not fit what arrives. */
export async function startS3(): Promise<S3Server> {
  const s3: S3Server = { url: "", objects: new Map(), asked: [], faults: [], close: async () => undefined };
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url ?? "";
    s3.asked.push(path);
    const fault = s3.faults.shift();
    const wrong = fault === "denied" ? "AccessDenied" : wrongIn(request.method ?? "", path, request.headers, body);
    if (fault === "unavailable") return reply.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
    if (wrong !== undefined) return reply.writeHead(403).end(`<Error><Code>${wrong}</Code></Error>`);
    s3.objects.set(path, body.toString());
    return fault === "lost answer" ? request.socket.destroy() : reply.writeHead(200).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  s3.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  s3.close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return s3;
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data);
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

/** The code with which S3 would refuse the request; `undefined` where all fits. */
function wrongIn(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  if (headers["x-amz-checksum-sha256"] !== sha256(body).digest("base64")) return "BadDigest";
  if (headers["x-amz-content-sha256"] !== sha256(body).digest("hex")) return "XAmzContentSHA256Mismatch";
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
    headers.authorization ?? "",
  );
  const [, credential = "", signed = "", signature] = found ?? [];
  const [id, day = "", region, service] = credential.split("/");
  if (id !== S3_CREDENTIALS.accessKeyId || region !== S3_REGION || service !== "s3") return "InvalidAccessKeyId";
  const lines = signed.split(";").map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, path, "", lines.join(""), signed, headers["x-amz-content-sha256"]].join("\n");
  const scope = credential.slice(credential.indexOf("/") + 1);
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical).digest("hex")].join("\n");
  const key = [S3_REGION, "s3", "aws4_request"].reduce<Buffer>(
    (made, part) => hmac(made, part),
    hmac(`AWS4${S3_CREDENTIALS.secretAccessKey}`, day),
  );
  return hmac(key, text).toString("hex") === signature ? undefined : "SignatureDoesNotMatch";
}
