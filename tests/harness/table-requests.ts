import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** Counts what a function's calls ask of the tables, each try by itself, whatever else runs beside them: see `around` of a plane. */
export function tableRequests() {
  const calls = new AsyncLocalStorage<true>();
  let seen = 0;
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { request: ClientRequest };
    if (calls.getStore() && String(request.getHeader("x-amz-target")).startsWith("DynamoDB_")) seen += 1;
  });
  return {
    around: <T>(call: () => Promise<T>): Promise<T> => calls.run(true, call),
    /** How many were made while `work` ran. */
    async during(work: () => Promise<unknown>): Promise<number> {
      const before = seen;
      await work();
      return seen - before;
    },
  };
}
