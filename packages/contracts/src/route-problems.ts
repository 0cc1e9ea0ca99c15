import { type ProblemCode, problems } from "./problems.ts";
import type { Route } from "./routes/route.ts";

/** Every problem that a route may answer with: its own, and those that follow from its shape. Sorted by status, then by code. */
export function problemsOf(row: Route): ProblemCode[] {
  const writes = row.method !== "GET";
  const codes = new Set<ProblemCode>(["internal", "plane.unavailable", ...row.problems]);
  const add = (applies: unknown, ...more: ProblemCode[]): void => {
    if (applies) for (const code of more) codes.add(code);
  };
  add(row.who.length > 0, "auth.missing", "auth.invalid", "auth.forbidden", "rate.limited");
  add(row.who.includes("agent"), "agent.ended");
  add(row.authority, "auth.authority_too_low");
  add(row.query ?? writes, "request.invalid");
  add(writes, "request.bad_json", "request.too_large", "conflict.busy");
  add(row.idempotent, "idempotency.key_reused", "idempotency.in_progress");
  add(row.idempotent && row.secret, "idempotency.secret_gone");
  add(row.etag && writes, "request.precondition_failed");
  for (const { missing } of Object.values(row.params)) codes.add(missing);
  return [...codes].sort((a, b) => problems[a].status - problems[b].status || (a < b ? -1 : 1));
}
