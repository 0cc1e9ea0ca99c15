import { functions } from "@omoios/contracts/topology";
import type { Listener } from "../http.ts";
import { askedIn, refuse, serveOperator } from "../operator-door.ts";
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

/** Answers `POST /<function>?seconds=10` with the profile of a function of this process, one at a time. */
export function serveProfiles({ invocations, operator_key, reportError }: ProfileServer): Promise<Listener> {
  let busy = false;
  return serveOperator({ operator_key, reportError }, async (request, response) => {
    const { name, query } = askedIn(request);
    const seconds = Number(query.get("seconds") ?? "10");
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
  });
}
