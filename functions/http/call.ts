import type { CallContext } from "@omoios/app/verbs";
import type { MiddlewareHandler } from "hono";

/** What a verb takes, without its row's types. */
export interface Input {
  params: Record<string, string>;
  query: unknown;
  body: unknown;
}

/** What travels with a request from one middleware to the next. */
export interface ApiEnv {
  Variables: {
    /** Who calls and as part of what, filled step by step. */
    call: CallContext;
    /** What the verb takes; there once the input was read. */
    input: Input;
    /** The body as JSON, before its schema changed it: what an idempotency key stands for. */
    sent: unknown;
  };
}

export type Step = MiddlewareHandler<ApiEnv>;
