import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Asks a process of the bench how many requests it has made until now. */
export const REQUESTS = "requests";

const STARTED = "http.client.request.start";

/** Counts the requests that this process makes through `node:http`, as the clients of AWS do, from now until it is stopped. */
export function countRequests(): { made(): number; stop(): void } {
  let made = 0;
  const count = () => {
    made += 1;
  };
  subscribe(STARTED, count);
  return { made: () => made, stop: () => void unsubscribe(STARTED, count) };
}
