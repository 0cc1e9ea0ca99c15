import { isProblemCode, type ProblemCode, problems } from "@omoios/contracts/problems";
import { Stale } from "@omoios/domain/commit";
import { Problem } from "@omoios/kernel/problem";
import { serviceFailure } from "./failures.ts";

/** The page that `type` links to has an anchor for each code. */
export const problemAnchor = (code: ProblemCode): string => `problem-${code}`;

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  document: Record<string, unknown>;
}

/** The problem that a thrown error stands for. What nobody meant to throw becomes `internal`, and says nothing of itself. */
export function problemOf(error: unknown): Problem & { readonly code: ProblemCode } {
  if (error instanceof Problem && hasRow(error)) return error;
  if (error instanceof Stale) return known("conflict.busy", 200, error);
  if (serviceFailure(error)) return known("plane.unavailable", 1_000, error);
  return known("internal", undefined, error);
}

/** The answer to a problem: RFC 9457, with the headers that go with it. */
export function problemAnswer(
  problem: Problem & { readonly code: ProblemCode },
  request: { path: string; request_id: string },
): ProblemAnswer {
  const { status, title, remedy } = problems[problem.code];
  const document = {
    ...problem.extra,
    type: `/docs#${problemAnchor(problem.code)}`,
    title,
    status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    remedy: problem.remedy ?? remedy,
    instance: request.path,
    code: problem.code,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    request_id: request.request_id,
  };
  return { status, headers: headersOf(problem, status), document };
}

function headersOf(problem: Problem, status: number): Record<string, string> {
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  const { retry_after_ms: wait, allowed } = problem.extra;
  if (typeof wait === "number") headers["Retry-After"] = String(Math.max(1, Math.ceil(wait / 1000)));
  if (status === 401) {
    headers["WWW-Authenticate"] = problem.code === "auth.missing" ? "Bearer" : 'Bearer error="invalid_token"';
  }
  if (status === 405 && Array.isArray(allowed)) headers.Allow = allowed.join(", ");
  return headers;
}

const hasRow = (problem: Problem): problem is Problem & { readonly code: ProblemCode } => isProblemCode(problem.code);

function known(code: ProblemCode, retry_after_ms: number | undefined, cause: unknown) {
  const problem = new Problem(code, { cause, extra: retry_after_ms === undefined ? {} : { retry_after_ms } });
  return problem as Problem & { readonly code: ProblemCode };
}
