import { canName } from "@omoios/contracts/path-param";
import type { Route } from "@omoios/contracts/routes/route";
import { Problem } from "@omoios/kernel/problem";
import type { Step } from "../call.ts";

/** An id of another shape names nothing, so that it is missing and not faulty. */
export function pathIds(row: Route): Step {
  const params = Object.entries(row.params);
  return async (c, next) => {
    for (const [name, { kind, missing }] of params) {
      if (!canName(kind, c.req.param(name) ?? "")) throw new Problem(missing);
    }
    await next();
  };
}
