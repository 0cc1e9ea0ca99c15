import { type ProblemCode, problems } from "../problems.ts";
import { problemsOf } from "../route-problems.ts";
import type { Route } from "../routes/route.ts";
import { componentRef, type JsonSchema } from "./json-schema.ts";

const text = (description: string) => ({ description, schema: { type: "string" } });
const header = (name: keyof typeof responseHeaders) => ({ $ref: `#/components/headers/${name}` });

/** Headers of answers, as components. */
export const responseHeaders = {
  "X-Request-Id": text("The id of this request: the caller's if it was well-formed, else a new one"),
  ETag: text("The version of the thing in double quotes, for If-Match"),
  "Idempotency-Replayed": text("`true` where an earlier call with the same key did the work"),
  "Retry-After": { description: "Whole seconds after which the call may be repeated", schema: { type: "integer" } },
  RateLimit: text('What is left of the principal\'s limit: `"read";r=12;t=1`, 12 requests, more in a second'),
  "RateLimit-Policy": text(
    'The limit of the route\'s class: `"read";q=1000;w=5`, 1,000 requests, full again after 5 s',
  ),
  "WWW-Authenticate": text("`Bearer`, with `error` where a key or token was sent"),
} as const;

/** Every answer of a route by status: what it replies, and each problem that it may meet. */
export function responsesOf(row: Route, reply: JsonSchema): Record<string, unknown> {
  const headers = {
    "X-Request-Id": header("X-Request-Id"),
    ...(row.who.length > 0 ? { RateLimit: header("RateLimit"), "RateLimit-Policy": header("RateLimit-Policy") } : {}),
    ...(row.etag ? { ETag: header("ETag") } : {}),
    ...(row.idempotent && !row.secret ? { "Idempotency-Replayed": header("Idempotency-Replayed") } : {}),
  };
  const responses: Record<string, unknown> = {
    [row.status]: {
      description: row.status === 201 ? "Made" : "Done",
      headers,
      content: {
        [row.media_type ?? "application/json"]: { schema: reply },
        ...(row.text_type === undefined ? {} : { [row.text_type]: { schema: { type: "string" } } }),
      },
    },
  };
  if (row.accepted_when !== undefined) {
    const description = `Under way: \`${row.accepted_when}\` says until when`;
    responses[202] = { description, headers, content: { "application/json": { schema: reply } } };
  }
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(row)) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, codes] of byStatus) responses[status] = problemResponse(status, codes);
  return responses;
}

function problemResponse(status: number, codes: readonly ProblemCode[]) {
  const waits = status === 503 || status === 429 || codes.some((code) => WAITING.has(code));
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    headers: {
      "X-Request-Id": header("X-Request-Id"),
      ...(status === 401 ? { "WWW-Authenticate": header("WWW-Authenticate") } : {}),
      ...(waits ? { "Retry-After": header("Retry-After") } : {}),
    },
    content: {
      "application/problem+json": {
        schema: { allOf: [{ $ref: componentRef("Problem") }, { properties: { code: { enum: codes } } }] },
      },
    },
  };
}

/** Conflicts that pass by themselves and say when. */
const WAITING: ReadonlySet<ProblemCode> = new Set(["conflict.busy", "idempotency.in_progress"]);
