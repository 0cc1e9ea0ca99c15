import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { Hono } from "hono";
import { invocation } from "../invocation.ts";
import type { ApiEnv } from "./call.ts";

/** No route reads the host; a fixed one keeps what a caller sends as Host out of every URL. */
const ORIGIN = "https://plane.invalid";

export type LambdaHandler = (
  event: APIGatewayProxyEventV2,
  context?: Pick<Context, "functionName">,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Serves an API from API Gateway's HTTP APIs (payload 2.0). Every answer is text. */
export function lambdaHandler(api: Hono<ApiEnv>): LambdaHandler {
  return (event, context) =>
    invocation(async () => {
      const response = await api.fetch(requestOf(event), { function_name: context?.functionName });
      return {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
        isBase64Encoded: false,
      };
    });
}

function requestOf(event: APIGatewayProxyEventV2): Request {
  const { method } = event.requestContext.http;
  const query = event.rawQueryString === "" ? "" : `?${event.rawQueryString}`;
  const takesBody = method !== "GET" && method !== "HEAD";
  return new Request(`${ORIGIN}${urlPath(event.rawPath)}${query}`, {
    method,
    headers: headersOf(event),
    ...(takesBody && event.body ? { body: bytesOf(event.body, event.isBase64Encoded) } : {}),
  });
}

/** The gateway gives the path decoded, so that what would end a path in a URL is part of it here. */
const urlPath = (path: string): string => path.replaceAll("?", "%3F").replaceAll("#", "%23").replaceAll("\\", "%5C");

function headersOf(event: APIGatewayProxyEventV2): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) {
    // Characters that no header may hold are kept visible as faults: a key with one of them is a wrong key and not a missing one.
    if (value !== undefined) headers.set(name, value.replaceAll(/[^\t -~\u0080-\u00ff]/g, "?"));
  }
  return headers;
}

const bytesOf = (body: string, base64: boolean): Uint8Array<ArrayBuffer> =>
  base64 ? Uint8Array.from(Buffer.from(body, "base64")) : new TextEncoder().encode(body);
