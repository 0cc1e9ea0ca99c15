import { AsyncLocalStorage } from "node:async_hooks";
import type { Attributes, Tracing } from "@omoios/adapters/telemetry/tracing";
import type { Context } from "@omoios/kernel/context";
import { readTraceparent } from "@omoios/kernel/trace-context";

/** What a line of the log can be asked for by. */
const CONCERNS = ["ticket_id", "task_id", "agent_id", "alert_id"] as const;
type Concern = (typeof CONCERNS)[number];

/** Ids of one kind that a line names at most: what touches hundreds is found by its trace. */
const MOST_IDS = 20;

/** The piece of work that a line of the log belongs to. The only thing of the plane that is not handed on as an argument. */
export interface Scope {
  /** What everything that follows is told to be part of. */
  readonly context: Required<Pick<Context, "correlation_id" | "traceparent">>;
  /** What is done: the function's, route's or message's name. A request's is known only once its route is found. */
  name: string;
  readonly tracing: Tracing;
  readonly function_name: string | undefined;
  readonly request_id: string | undefined;
  readonly concerns: Map<Concern, Set<string>>;
  /** Something was committed. */
  changed: boolean;
  /** What is told of it when it is done. */
  told: Record<string, string | number | boolean>;
}

const scopes = new AsyncLocalStorage<Scope>();

export const currentScope = (): Scope | undefined => scopes.getStore();

export const inScope = <T>(scope: Scope, act: () => Promise<T>): Promise<T> => scopes.run(scope, act);

/** Notes the ids among the members of what the work is about. */
export function concern(about: object): void {
  const scope = scopes.getStore();
  if (scope !== undefined) noteIds(scope, about);
}

export function noteIds({ concerns }: Pick<Scope, "concerns">, about: object): void {
  for (const name of CONCERNS) {
    const id: unknown = (about as Record<string, unknown>)[name];
    if (typeof id !== "string") continue;
    const known = concerns.get(name) ?? new Set();
    if (known.size < MOST_IDS) concerns.set(name, known.add(id));
  }
}

/** What every line of the current work says: who wrote it, as part of what, and whom it concerns. */
export function scopeFields(): Record<string, unknown> {
  const scope = scopes.getStore();
  if (scope === undefined) return {};
  const { context, function_name, request_id, concerns } = scope;
  const trace = readTraceparent(context.traceparent);
  return {
    function_name,
    // What says nothing new is left out: a line is paid by its bytes.
    ...(request_id === context.correlation_id ? {} : { request_id }),
    correlation_id: context.correlation_id,
    trace_id: trace?.trace_id,
    ...(trace?.sampled ? { span_id: trace.span_id } : {}),
    ...Object.fromEntries([...concerns].map(([name, ids]) => named(name, [...ids]))),
  };
}

/** What a span says of its work. */
export function spanAttributes({ function_name, told, concerns, context }: Scope): Attributes {
  const { status, ...rest } = told;
  const ours = { ...rest, correlation_id: context.correlation_id, ...idsOf(concerns) };
  return {
    ...(function_name === undefined ? {} : { "faas.name": function_name }),
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    ...Object.fromEntries(Object.entries(ours).map(([name, value]) => [`omoi.${name}`, value])),
  };
}

const idsOf = (concerns: Scope["concerns"]): Record<string, string> =>
  Object.fromEntries([...concerns].map(([name, ids]) => [name, [...ids].join(",")]));

/** One id stands by itself, so that it can be asked for; several are a list under another name, so that each name has one type. */
const named = (name: Concern, ids: readonly string[]) => (ids.length === 1 ? [name, ids[0]] : [`${name}s`, ids]);
