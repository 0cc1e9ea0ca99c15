import type { Listener } from "../http.ts";
import { askedIn, refuse, serveOperator } from "../operator-door.ts";
import { BUS_FAULTS, type BusFault, type BusFaults } from "./bus-faults.ts";

export interface FaultServer {
  faults: Pick<BusFaults, "begin">;
  operator_key: string;
  reportError(error: unknown): void;
}

const MOST_SECONDS = 3_600;

const isFault = (name: string): name is BusFault => (BUS_FAULTS as readonly string[]).includes(name);

/** Answers `POST /<fault>?share=0.5&seconds=120`: from now on, for so long, that share of what the bus brings to a queue comes twice, or late. 0 seconds end it. */
export function serveFaults({ faults, operator_key, reportError }: FaultServer): Promise<Listener> {
  return serveOperator({ operator_key, reportError }, (request, response) => {
    const { name, query } = askedIn(request);
    const [share, seconds] = [Number(query.get("share") ?? Number.NaN), Number(query.get("seconds") ?? Number.NaN)];
    if (request.method !== "POST" || !isFault(name)) {
      return refuse(response, 404, `the bus has no fault ${name}; there are ${BUS_FAULTS.join(", ")}`);
    }
    if (!(share >= 0 && share <= 1)) return refuse(response, 422, "share must be from 0 to 1");
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      return refuse(response, 422, `seconds must be from 0 to ${MOST_SECONDS}`);
    }
    faults.begin(name, share, seconds * 1000);
    response.writeHead(204).end();
  });
}
