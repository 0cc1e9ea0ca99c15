import type { Route } from "@omoios/contracts/routes/route";
import { cutText } from "@omoios/kernel/cut-text";
import { type Random, systemRandom } from "@omoios/kernel/random";
import { ApiProblem, Unreachable } from "./api-problem.ts";
import type { Bearer } from "./bearer.ts";
import { requestUrl } from "./request-url.ts";
import { defaultRetry, type RetryPolicy, retryDelayMs } from "./retry.ts";
import { wait } from "./wait.ts";

/** What a call sends, whatever its route. */
export interface LooseRequest {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export interface CallOptions {
  /** Makes a repeated write one write. POSTs that honour a key get one by themselves; `false` switches that off. */
  idempotency_key?: string | false;
  /** The version that was read; the write is refused with 412 where the thing has changed since. */
  if_match?: number;
  /** Never repeat the call, whatever comes back. */
  once?: boolean;
  /** Sent in place of the client's own key or token. */
  bearer?: string;
  /** W3C trace context to continue. */
  traceparent?: string;
  /** Joins everything that follows from one cause: it rides in each event that the call makes. */
  correlation_id?: string;
  /** The media type of the text that a route answers beside JSON (`application/yaml`); the answer is then that text. */
  accept?: string;
  signal?: AbortSignal;
  /** Time limit of each try; the client's own unless given. */
  timeout_ms?: number;
}

export interface TransportOptions {
  url: string;
  bearer?: Bearer;
  fetch?: typeof globalThis.fetch;
  retry?: Partial<RetryPolicy>;
  timeout_ms?: number;
  random?: Random;
}

export type Send = (row: Route, request: LooseRequest, options: CallOptions) => Promise<unknown>;

/** Sends calls of any route: address, headers, time limit, repetition, refusals as `ApiProblem`. */
export function createTransport({ url, bearer, retry, random = systemRandom, ...rest }: TransportOptions): Send {
  const policy = { ...defaultRetry, ...retry };
  const { fetch = globalThis.fetch, timeout_ms = 30_000 } = rest;

  async function once(address: string, row: Route, body: unknown, options: CallOptions, key: string | undefined) {
    const limit = AbortSignal.timeout(options.timeout_ms ?? timeout_ms);
    const init: RequestInit = {
      method: row.method,
      headers: headersOf(options, key, options.bearer ?? (await bearer?.token(options.signal)), body !== undefined),
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const { response, text } = await reach(address, options.signal, async () => {
      const response = await fetch(address, init);
      return { response, text: await response.text() };
    });
    if (!response.ok) throw ApiProblem.of(response, text);
    return row.media_type === undefined && options.accept === undefined ? jsonOf(response, text) : text;
  }

  return async (row, request, options) => {
    const address = requestUrl(url, row.path, request.params, request.query);
    const key = idempotencyKey(row, options);
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(address, row, request.body, options, key);
      } catch (failure) {
        if (!renewed && isUnauthorized(failure) && options.bearer === undefined && bearer?.renew?.(failure)) {
          renewed = true;
          continue;
        }
        const delay = isRepeatable(row, key, options) ? retryDelayMs(failure, tries, policy, random) : undefined;
        if (delay === undefined) throw failure;
        await wait(delay, options.signal);
      }
    }
  };
}

/** Gets for themselves, keyed writes by their key, an agent's words about a task by task, fence and verb, a heartbeat by its number. */
function isRepeatable(row: Route, key: string | undefined, options: CallOptions): boolean {
  if (options.once === true) return false;
  if (row.method === "GET" || key !== undefined) return true;
  return row.who.length === 1 && row.who[0] === "agent";
}

function idempotencyKey(row: Route, { idempotency_key: given }: CallOptions): string | undefined {
  if (given === false || !row.idempotent) return undefined;
  // Where the key costs a write of its own it is the caller who asks for it.
  return given ?? (row.idempotent === "answer" ? undefined : crypto.randomUUID());
}

function headersOf(options: CallOptions, key: string | undefined, token: string | undefined, hasBody: boolean) {
  const headers: Record<string, string> = { accept: options.accept ?? "application/json" };
  if (hasBody) headers["content-type"] = "application/json";
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (key !== undefined) headers["idempotency-key"] = key;
  if (options.if_match !== undefined) headers["if-match"] = `"${options.if_match}"`;
  if (options.traceparent !== undefined) headers.traceparent = options.traceparent;
  if (options.correlation_id !== undefined) headers["x-correlation-id"] = options.correlation_id;
  return headers;
}

function isUnauthorized(failure: unknown): failure is ApiProblem {
  return failure instanceof ApiProblem && failure.status === 401;
}

/** What our own caller broke off stays as it is; everything else that keeps an answer from coming is `Unreachable`. */
async function reach<T>(address: string, signal: AbortSignal | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Unreachable(address, cause);
  }
}

function jsonOf(response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw ApiProblem.of(response, `The answer is not JSON. Is the url a plane's? It begins: ${cutText(text, 80)}`);
  }
}
