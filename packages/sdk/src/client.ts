import { type RouteName, type RouteReply, type RouteRequest, routeRows, type routes } from "@omoios/contracts/routes";
import type { Brand } from "@omoios/kernel/brand";
import { apiKeyBearer, type Bearer } from "./bearer.ts";
import { type CallOptions, createTransport, type LooseRequest, type TransportOptions } from "./transport.ts";

/** Ids are branded in the plane's own code; a caller may send any string. */
type Plain<T> =
  T extends Brand<string>
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T;
type ParamsPart<P> = [keyof P] extends [never] ? { params?: Record<string, never> } : { params: P };
type QueryPart<Q> = [Q] extends [undefined] ? { query?: undefined } : { query?: Plain<Q> };
type BodyPart<B> = [B] extends [undefined]
  ? { body?: undefined }
  : // No body stands for `{}` where the route takes that.
    Record<never, never> extends B
    ? { body?: Plain<B> }
    : { body: Plain<B> };

/** What a call of that route sends: `params` of its path, `query`, `body`. */
export type CallRequest<N extends RouteName> = ParamsPart<RouteRequest<N>["params"]> &
  QueryPart<RouteRequest<N>["query"]> &
  BodyPart<RouteRequest<N>["body"]>;

/** A route that has a text beside its JSON answers that where its media type is asked for. */
type TextOf<N extends RouteName> = (typeof routes)[N] extends { text_type: infer Type extends string }
  ? (request: CallRequest<N>, options: CallOptions & { accept: Type }) => Promise<string>
  : unknown;

/** One function per route of the table. Each throws `ApiProblem` for a refusal and `Unreachable` where no answer came. */
export type Client = {
  readonly [N in RouteName]: TextOf<N> &
    (Record<never, never> extends CallRequest<N>
      ? (request?: CallRequest<N>, options?: CallOptions) => Promise<RouteReply<N>>
      : (request: CallRequest<N>, options?: CallOptions) => Promise<RouteReply<N>>);
};

export interface ClientOptions extends Omit<TransportOptions, "bearer"> {
  /** An operator's key (`omoi_sk_…`). */
  api_key?: string;
  /** In place of a key: a source of tokens, such as an agent's. */
  bearer?: Bearer;
}

/** A client of the plane at `url`, without `/api/v1`. */
export function createClient({ api_key, bearer, ...options }: ClientOptions): Client {
  const source = bearer ?? (api_key === undefined ? undefined : apiKeyBearer(api_key));
  const send = createTransport(source === undefined ? options : { ...options, bearer: source });
  const calls = routeRows.map(([name, row]) => [
    name,
    (request: LooseRequest = {}, call: CallOptions = {}) => send(row, request, call),
  ]);
  return Object.fromEntries(calls) as Client;
}
