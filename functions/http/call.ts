import type { CallContext } from "@omoios/app/verbs";
import type { RouteName } from "@omoios/contracts/routes";
import type { MiddlewareHandler } from "hono";

/** What a verb takes, without its row's types. */
export interface Input {
  params: Record<string, string>;
  query: unknown;
  body: unknown;
}

/** What travels with a request from one middleware to the next. */
export interface ApiEnv {
  Bindings: {
    /** The deployed function, where there is one. */
    function_name?: string | undefined;
  };
  Variables: {
    /** Who calls and as part of what, filled step by step. */
    call: CallContext;
    /** The row of the route table that the request was found to be for. */
    route?: RouteName;
    /** What the verb takes; there once the input was read. */
    input: Input;
    /** What the verb answered. */
    answer?: unknown;
    /** The body as JSON, before its schema changed it: what an idempotency key stands for. */
    sent: unknown;
  };
}

export type Step = MiddlewareHandler<ApiEnv>;
