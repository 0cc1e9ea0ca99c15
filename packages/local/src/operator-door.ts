import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listener, listen } from "./http.ts";

interface Door {
  /** Who may ask: the operator of this machine's plane. */
  operator_key: string;
  reportError(error: unknown): void;
}

/** What is for the operator of a plane on this machine alone, and no part of the API: on 127.0.0.1, on a port of its own. */
export function serveOperator(
  { operator_key, reportError }: Door,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Listener> {
  const judged = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isKey(request.headers.authorization, operator_key)) refuse(response, 401, "the operator key is wrong");
    else await answer(request, response);
  };
  return listen(0, (request, response) => {
    judged(request, response).catch((error: unknown) => {
      reportError(error);
      response.destroy();
    });
  });
}

/** What is asked for: the path without its first slash, and the query. */
export function askedIn({ url = "/" }: IncomingMessage): { name: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url, "http://local");
  return { name: pathname.slice(1), query: searchParams };
}

export function refuse(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ detail }));
}

function isKey(authorization: string | undefined, key: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(authorization ?? ""), hash(`Bearer ${key}`));
}
