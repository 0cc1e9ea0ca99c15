import { observed } from "@omoios/app/observe/observed";
import { openPlane, type Plane } from "@omoios/app/plane";
import type { Context } from "aws-lambda";
import { invocation } from "./invocation.ts";

/** A schedule's handler: its name, and the verb that it moves. */
export function scheduled<T>(name: string, act: (plane: Plane) => Promise<T>) {
  return (_event?: unknown, context?: Pick<Context, "functionName">): Promise<T> => {
    const work = { name, kind: "internal", function_name: context?.functionName } as const;
    return invocation(() => observed(work, () => act(openPlane(process.env))));
  };
}
