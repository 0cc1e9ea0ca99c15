import type { Route } from "@omoios/contracts/routes/route";
import type { Context } from "hono";
import type { ApiEnv } from "./call.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** Answers a route with the status of its row, and with the version as ETag where the row says so. */
export function reply(c: Context<ApiEnv>, row: Route, body: unknown): Response {
  const version = row.etag ? versionOf(body) : undefined;
  if (version !== undefined) c.header("ETag", `"${version}"`);
  return c.body(JSON.stringify(body), row.status, JSON_TYPE);
}

function versionOf(body: unknown): number | undefined {
  const version = typeof body === "object" && body !== null && "version" in body ? body.version : undefined;
  return typeof version === "number" ? version : undefined;
}
