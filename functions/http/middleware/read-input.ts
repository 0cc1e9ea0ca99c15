import type { ApiParts } from "@omoios/app/api-parts";
import type { CallContext } from "@omoios/app/verbs";
import type { RouteName } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { Step } from "../call.ts";
import { bodyReader, type ReadBody } from "../input/body.ts";
import { ifMatchVersion } from "../input/if-match.ts";
import { queryReader } from "../input/query.ts";

const NOTHING: ReadBody = { sent: undefined, body: undefined };

type Judges = {
  readonly [N in RouteName]?: (call: CallContext, given: { params: object; body: unknown }) => Promise<Fault[]>;
};

/**
 * Reads query, body and `If-Match`. A fault gives way to a 404 where the path names nothing, and what a verb would refuse of the rest
 * of the body is told with it.
 */
export function readInput(parts: Pick<ApiParts, "exists" | "judges">, name: RouteName, row: Route): Step {
  // As with verbs: the row's own schema made what its judge is given.
  const judge = (parts.judges as Judges | undefined)?.[name];
  const readQuery = queryReader(row);
  const readBody = row.method === "GET" ? async () => NOTHING : bodyReader(row);
  const conditional = row.etag === true && row.method !== "GET";

  return async (c, next) => {
    const call = c.get("call");
    const params = c.req.param();
    try {
      const query = readQuery(c.req.url);
      const { sent, body } = await readBody(
        c.req.raw,
        judge && ((readable) => judge(call, { params, body: readable })),
      );
      c.set("input", { params, query, body });
      c.set("sent", sent);
      if (conditional) c.set("call", { ...call, if_match: ifMatchVersion(c.req.header("if-match")) });
    } catch (fault) {
      await refuseMissing(parts, call, row, params);
      throw fault;
    }
    await next();
  };
}

async function refuseMissing(
  parts: Pick<ApiParts, "exists">,
  call: CallContext,
  row: Route,
  params: Record<string, string>,
): Promise<void> {
  for (const [name, { kind, missing }] of Object.entries(row.params)) {
    const there = await parts.exists?.(call, kind, params[name] ?? "");
    if (there === false) throw new Problem(missing);
  }
}
