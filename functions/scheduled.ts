import { observed } from "@omoios/app/observe/observed";
import { endInvocation } from "@omoios/app/observe/traces";
import { openPlane, type Plane } from "@omoios/app/plane";
import type { Context } from "aws-lambda";

/** A schedule's handler: its name, and the verb that it moves. */
export function scheduled<T>(name: string, act: (plane: Plane) => Promise<T>) {
  return async (_event?: unknown, context?: Pick<Context, "functionName">): Promise<T> => {
    const work = { name, kind: "internal", function_name: context?.functionName } as const;
    try {
      return await observed(work, () => act(openPlane(process.env)));
    } finally {
      await endInvocation();
    }
  };
}
