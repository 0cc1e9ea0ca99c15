import type { Route } from "@omoios/contracts/routes/route";
import type { Context } from "hono";
import type { ApiEnv } from "./call.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** Answers a route with the status of its row, or 202 where that says that the work goes on, and with the version as ETag where the row says so. */
export function reply(c: Context<ApiEnv>, row: Route, body: unknown): Response {
  if (row.media_type !== undefined) return c.body(String(body), row.status, { "Content-Type": row.media_type });
  const version = row.etag ? versionOf(body) : undefined;
  if (version !== undefined) c.header("ETag", `"${version}"`);
  return c.body(JSON.stringify(body), isUnderWay(row, body) ? 202 : row.status, JSON_TYPE);
}

function isUnderWay({ accepted_when }: Route, body: unknown): boolean {
  if (accepted_when === undefined || typeof body !== "object" || body === null) return false;
  return ((body as Record<string, unknown>)[accepted_when] ?? null) !== null;
}

function versionOf(body: unknown): number | undefined {
  const version = typeof body === "object" && body !== null && "version" in body ? body.version : undefined;
  return typeof version === "number" ? version : undefined;
}
