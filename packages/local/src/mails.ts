import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { listen, readBody } from "./http.ts";
import { writePrivate } from "./private-file.ts";

/** SES takes mails of 10 MB; as base64 in a form they are longer. */
const BODY_BYTES = 16 * 1024 * 1024;

/** What stands in for SES. */
export interface Mails {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * Takes `SendRawEmail` and keeps each mail as a file under the folder, by the time it came; `GET /` lists them and `GET /<name>` shows one.
 * It sends nothing.
 */
export async function startMails(folder: string, now: () => number = Date.now): Promise<Mails> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = await listen(0, async (request, response) => {
    if (request.method === "POST") await keep(folder, now(), request, response);
    else show(folder, request.url ?? "/", response);
  });
  return { endpoint: server.url, stop: server.close };
}

async function keep(folder: string, at: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, BODY_BYTES);
  const form = new URLSearchParams(body?.toString("utf8") ?? "");
  const raw = form.get("RawMessage.Data");
  if (form.get("Action") !== "SendRawEmail" || raw === null) {
    response.writeHead(400, { "content-type": "text/xml" }).end(xml("Error", "Only SendRawEmail is served here."));
    return;
  }
  const mail = Buffer.from(raw, "base64");
  const id = createHash("sha256").update(mail).digest("hex").slice(0, 12);
  writePrivate(join(folder, `${new Date(at).toISOString().replaceAll(":", "-")}-${id}.eml`), mail.toString("utf8"));
  response.writeHead(200, { "content-type": "text/xml" }).end(xml("MessageId", id));
}

const xml = (name: string, text: string) =>
  `<SendRawEmailResponse><SendRawEmailResult><${name}>${text}</${name}></SendRawEmailResult></SendRawEmailResponse>`;

function show(folder: string, path: string, response: ServerResponse): void {
  const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
  const wanted = decodeURIComponent(path.slice(1));
  const text = wanted === "" ? `${names.sort().join("\n")}\n` : undefined;
  if (text === undefined && !names.includes(wanted)) response.writeHead(404).end();
  else
    response
      .writeHead(200, { "content-type": "text/plain; charset=utf-8" })
      .end(text ?? readFileSync(join(folder, wanted)));
}
