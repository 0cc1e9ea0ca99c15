import { BASE_PATH } from "@omoios/contracts/routes/route";

/** Anything that answers a request: an API in this process, or one behind a URL. */
export type Fetch = (request: Request) => Response | Promise<Response>;

export interface CallOptions {
  key?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the API answered, and asserts its shape itself.
  body: any;
}

/** Calls the API under `/api/v1`. */
export function callApi(fetch: Fetch, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  return callPath(fetch, method, `${BASE_PATH}${path}`, options);
}

/** Calls a path from the root, such as `/openapi.json`. An answer that is no JSON is given as text. */
export async function callPath(fetch: Fetch, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { key, body, headers = {} } = options;
  const response = await fetch(
    new Request(`http://plane.test${path}`, {
      method,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: json && text !== "" ? JSON.parse(text) : text };
}
