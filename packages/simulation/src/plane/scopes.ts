import { untraced } from "@omoios/adapters/telemetry/tracing";
import { inScope, type Scope } from "@omoios/app/observe/scope";
import type { Cause } from "@omoios/contracts/jobs";
import type { Context } from "@omoios/kernel/context";
import type { Random } from "@omoios/kernel/random";
import { continueTrace } from "@omoios/kernel/trace-context";

/** Does a piece of work as part of what led to it, as the functions' own handlers do. */
export type InScope = <T>(
  name: string,
  cause: Cause | undefined,
  act: (own: Partial<Pick<Context, "correlation_id" | "traceparent">>) => Promise<T>,
) => Promise<T>;

/** What is done follows from nothing: the cheapest, where nobody asks why something happened. */
export const withoutScope: InScope = (_name, _cause, act) => act({});

/** Each piece of work continues the trace that it was handed, or begins one. */
export const scopesBy =
  (random: Random): InScope =>
  (name, cause, act) => {
    const scope: Scope = {
      name,
      context: {
        correlation_id: cause?.correlation_id ?? name,
        traceparent: continueTrace(cause?.traceparent, random),
      },
      tracing: untraced(random),
      function_name: name,
      request_id: undefined,
      concerns: new Map(),
      changed: false,
      told: {},
    };
    return inScope(scope, () => act(scope.context));
  };
