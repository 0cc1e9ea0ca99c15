import { pathPattern } from "../path-param.ts";
import { bodyLimit, type Route } from "../routes/route.ts";
import type { RouteName } from "../routes.ts";
import type { JsonSchema } from "./json-schema.ts";
import { responsesOf } from "./responses.ts";
import type { SchemaBook } from "./schema-book.ts";

/** Headers of requests, as components. */
export const requestHeaders = {
  "Idempotency-Key": {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Kept for 24 hours: the same key and body answers again what the first call did, another body is refused. Agents need none but for a claim.",
    schema: { type: "string", pattern: "^[!-~]{1,200}$" },
  },
  "If-Match": {
    name: "If-Match",
    in: "header",
    description: "The ETag that was read; a thing that has changed since answers 412.",
    schema: { type: "string" },
  },
  "X-Request-Id": {
    name: "X-Request-Id",
    in: "header",
    description: "Echoed, and part of every log line.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._:/+=@-]{1,128}$" },
  },
  "X-Correlation-Id": {
    name: "X-Correlation-Id",
    in: "header",
    description: "Joins all that follows from this call, across events; the request's id unless given.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._:/+=@-]{1,64}$" },
  },
  traceparent: {
    name: "traceparent",
    in: "header",
    description: "W3C trace context; continued.",
    schema: { type: "string" },
  },
} as const;

/** One route as an OpenAPI operation. */
export function operationOf(name: RouteName, row: Route, book: SchemaBook): Record<string, unknown> {
  const body = book.body(name);
  return {
    operationId: name,
    summary: row.summary,
    tags: [row.tag],
    security: securityOf(row),
    parameters: parametersOf(name, row, book),
    ...(body === undefined ? {} : { requestBody: requestBody(row, body) }),
    responses: responsesOf(row, book.reply(name)),
  };
}

function securityOf(row: Route): Record<string, string[]>[] {
  return row.who.map((kind): Record<string, string[]> => {
    if (kind === "operator") return { operator_key: row.scope ? [row.scope] : [] };
    return kind === "agent" ? { agent_token: [] } : { registration_key: [] };
  });
}

function parametersOf(name: RouteName, row: Route, book: SchemaBook): unknown[] {
  const inPath = Object.entries(row.params).map(([param, { kind }]) => ({
    name: param,
    in: "path",
    required: true,
    schema: { type: "string", pattern: pathPattern(kind) },
  }));
  const { properties = {}, required = [] } = (book.query(name) ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([param, schema]) => ({
    name: param,
    in: "query",
    required: required.includes(param),
    schema,
  }));
  const headers: (keyof typeof requestHeaders)[] = [
    ...(row.idempotent ? (["Idempotency-Key"] as const) : []),
    ...(row.etag && row.method !== "GET" ? (["If-Match"] as const) : []),
    "X-Request-Id",
    "X-Correlation-Id",
    "traceparent",
  ];
  return [...inPath, ...inQuery, ...headers.map((header) => ({ $ref: `#/components/parameters/${header}` }))];
}

function requestBody(row: Route, schema: JsonSchema) {
  const body = row.body?.();
  const required = body !== undefined && ![undefined, {}].some((empty) => body.safeParse(empty).success);
  const description = `At most ${bodyLimit(row)}; a larger one is answered 413 with \`max_body_bytes\`.`;
  return { description, required, content: { "application/json": { schema } } };
}
