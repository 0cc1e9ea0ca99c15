import type { Random } from "@omoios/kernel/random";
import { continueTrace } from "@omoios/kernel/trace-context";

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** `server` answers a request, `consumer` takes a message, `producer` hands one over, `internal` is a part of one of them. */
  kind: "server" | "consumer" | "producer" | "internal";
  /** The `traceparent` that it belongs under; without a valid one it begins a trace. */
  parent: string | undefined;
  attributes?: Attributes | undefined;
}

/** A piece of work in a trace. */
export interface Span {
  /** What follows from the work is told under this. */
  readonly traceparent: string;
  /** Ends it; with an error it counts as failed. */
  end(told?: { name?: string; attributes?: Attributes; error?: unknown }): void;
}

export interface Tracing {
  /** Whether anything is recorded: where nothing is, no span need be begun that only stands between others. */
  readonly recording: boolean;
  start(name: string, options: SpanOptions): Span;
  /** Sends what has ended. It never throws: a collector that is down takes nothing from the work. */
  flush(): Promise<void>;
}

/** Hands the caller's trace on, and records nothing. */
export const untraced = (random: Random): Tracing => ({
  recording: false,
  start: (_name, { parent }) => ({ traceparent: continueTrace(parent, random), end: () => undefined }),
  flush: async () => undefined,
});
