import type { SpanOptions } from "@omoios/adapters/telemetry/tracing";
import { systemClock } from "@omoios/kernel/clock";
import { logger } from "./logger.ts";
import { currentScope, inScope, noteIds, type Scope, spanAttributes } from "./scope.ts";
import { tracing } from "./traces.ts";

export interface Work {
  /** What is done: the function's, route's or message's name. */
  name: string;
  kind: SpanOptions["kind"];
  /** As part of what, where it is known. */
  from?: { correlation_id?: string | undefined; traceparent?: string | undefined } | undefined;
  function_name?: string | undefined;
  request_id?: string | undefined;
  /** What it is about: members that are ids of tickets, tasks, agents or alerts stand in each of its lines. */
  about?: object | undefined;
  /** More for its own line. */
  told?: Scope["told"] | undefined;
}

/**
 * Does a piece of work in a scope of its own: its lines say as part of what they were written, and whom they concern. When it is done
 * it is a line itself, at INFO where it changed something and at DEBUG where it did not, so that idle polling is no line. A failure
 * is told by whoever handles it; the line says that there was one.
 */
export async function observed<T>(work: Work, act: (scope: Scope) => Promise<T>): Promise<T> {
  const started = performance.now();
  const traces = await tracing();
  const span = traces.start(work.name, { kind: work.kind, parent: work.from?.traceparent });
  const scope: Scope = {
    name: work.name,
    tracing: traces,
    context: {
      correlation_id: work.from?.correlation_id ?? `${work.name}-${systemClock.now().toString(36)}`,
      traceparent: span.traceparent,
    },
    function_name: work.function_name ?? currentScope()?.function_name,
    request_id: work.request_id,
    concerns: new Map(),
    changed: false,
    told: { ...work.told },
  };
  noteIds(scope, work.about ?? {});
  return inScope(scope, async () => {
    try {
      const done = await act(scope);
      tellOf(scope, started);
      span.end({ name: scope.name, attributes: spanAttributes(scope), ...(scope.told.failed && { error: true }) });
      return done;
    } catch (error) {
      scope.told.failed = true;
      tellOf(scope, started);
      span.end({ name: scope.name, attributes: spanAttributes(scope), error });
      throw error;
    }
  });
}

function tellOf({ name, changed, told }: Scope, started: number): void {
  const fields = { ...told, duration_ms: Math.round(performance.now() - started) };
  if (changed) logger.info(name, fields);
  else logger.debug(name, fields);
}
