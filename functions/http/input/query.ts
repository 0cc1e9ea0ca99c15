import type { Route } from "@omoios/contracts/routes/route";
import { once } from "@omoios/kernel/once";
import { type Fault, Problem } from "@omoios/kernel/problem";
import * as z from "zod";
import { parameterName, schemaFaults } from "./faults.ts";
import { structureFaults } from "./structure.ts";

const noQuery = () => z.strictObject({});

/** Reads queries for one row. Throws `request.invalid` with the name of each faulty parameter. */
export function queryReader(row: Route): (url: string) => unknown {
  const schema = once(row.query ?? noQuery);
  return (url) => {
    const given: [string, string][] = url.includes("?") ? [...new URL(url).searchParams] : [];
    const repeated = repeatedFaults(given);
    if (repeated.length > 0) throw new Problem("request.invalid", { errors: repeated });
    const query = Object.fromEntries(given);
    const broken = structureFaults(query, parameterName);
    if (broken.length > 0) throw new Problem("request.invalid", { errors: broken });
    const parsed = schema().safeParse(query);
    if (!parsed.success)
      throw new Problem("request.invalid", { errors: schemaFaults(parsed.error, query, parameterName) });
    return row.query ? parsed.data : undefined;
  };
}

function repeatedFaults(given: readonly [string, string][]): Fault[] {
  const names = given.map(([name]) => name);
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...repeated].map((name) => ({ path: parameterName([name]), message: "is given more than once" }));
}
