import type { ServerResponse } from "node:http";

/** Writes what a function answered: the structured form of payload 2.0, or any other value as JSON with status 200. */
export function writeAnswer(response: ServerResponse, result: unknown): void {
  if (typeof result !== "object" || result === null || !("statusCode" in result)) {
    const isText = typeof result === "string";
    writeJson(response, 200, isText ? result : JSON.stringify(result ?? null));
    return;
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as Structured;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new Error(`statusCode ${String(statusCode)} is no status`);
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  if (cookies && cookies.length > 0) response.setHeader("set-cookie", cookies);
  if (!response.hasHeader("content-type") && bytes.length > 0)
    response.setHeader("content-type", "text/plain; charset=utf-8");
  const hasBody = status !== 204 && status !== 304;
  if (hasBody) response.setHeader("content-length", bytes.length);
  response.writeHead(status).end(hasBody ? bytes : undefined);
}

/** An answer of the gateway itself. */
export function writeMessage(response: ServerResponse, status: number, message: string): void {
  writeJson(response, status, JSON.stringify({ message }));
}

interface Structured {
  statusCode: unknown;
  headers?: Record<string, string | number | boolean>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

function writeJson(response: ServerResponse, status: number, body: string): void {
  response.setHeader("content-length", Buffer.byteLength(body));
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
