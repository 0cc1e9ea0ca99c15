import { createApi } from "../../functions/http/create-api.ts";
import { type Answer, type CallOptions, callApi, callPath } from "./call-api.ts";
import { type EchoParts, echoParts } from "./echo-parts.ts";

export interface EchoApi {
  parts: EchoParts;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  root(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

/** The API over echo verbs, with parts of the test's own where it gives some. */
export function echoApi(own: Partial<EchoParts> = {}): EchoApi {
  const parts = { ...echoParts(), ...own };
  const api = createApi(parts);
  const fetch = (request: Request) => api.fetch(request);
  return {
    parts,
    call: (method, path, options) => callApi(fetch, method, path, options),
    root: (method, path, options) => callPath(fetch, method, path, options),
  };
}
