import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { functions } from "@omoios/contracts/topology";
import { type Listener, listen } from "../http.ts";
import type { Invocations } from "./invocations.ts";
import { profileFunction } from "./profiler.ts";

export interface ProfileServer {
  invocations: Invocations;
  /** Who may ask: it slows the plane, and shows what it does. */
  operator_key: string;
  reportError(error: unknown): void;
}

const MOST_SECONDS = 300;
const names: readonly string[] = functions.map(({ name }) => name);

/** Answers `POST /<function>?seconds=10` with the profile of a function of this process, one at a time. On 127.0.0.1, on a port of its own. */
export function serveProfiles({ invocations, operator_key, reportError }: ProfileServer): Promise<Listener> {
  let busy = false;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isKey(request.headers.authorization, operator_key)) return refuse(response, 401, "the operator key is wrong");
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://local");
    const name = pathname.slice(1);
    const seconds = Number(searchParams.get("seconds") ?? "10");
    if (request.method !== "POST" || !names.includes(name)) {
      return refuse(response, 404, `there is no function ${name}; there are ${names.join(", ")}`);
    }
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
      return refuse(response, 422, `seconds must be above 0 and at most ${MOST_SECONDS}`);
    }
    if (busy) return refuse(response, 409, "another profile is being taken");
    busy = true;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      const taken = await profileFunction(invocations, name, { ms: seconds * 1000, signal: gone.signal });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(taken));
    } finally {
      busy = false;
    }
  };
  return listen(0, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      reportError(error);
      response.destroy();
    });
  });
}

function isKey(authorization: string | undefined, key: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(authorization ?? ""), hash(`Bearer ${key}`));
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ detail }));
}
