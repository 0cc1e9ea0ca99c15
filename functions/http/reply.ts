import type { Route } from "@omoios/contracts/routes/route";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type { ApiEnv } from "./call.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** Answers a route with the status of its row, or 202 where that says that the work goes on, and with the version as ETag where the row says so. */
export function reply(c: Context<ApiEnv>, row: Route, body: unknown): Response {
  if (row.media_type !== undefined) return c.body(String(body), row.status, { "Content-Type": row.media_type });
  if (row.text_type !== undefined) c.header("Vary", "Accept", { append: true });
  if (row.text_type !== undefined && typeof body === "string")
    return c.body(body, row.status, { "Content-Type": row.text_type });
  const version = row.etag ? versionOf(body) : undefined;
  if (version !== undefined) c.header("ETag", `"${version}"`);
  return c.body(JSON.stringify(body), isUnderWay(row, body) ? 202 : row.status, JSON_TYPE);
}

/** Whether the caller prefers the route's text to JSON. */
export function wantsText(c: Context<ApiEnv>, { text_type }: Route): boolean {
  if (text_type === undefined) return false;
  const asked = { header: "Accept" as const, supports: ["application/json", text_type], default: "application/json" };
  return accepts(c, asked) === text_type;
}

function isUnderWay({ accepted_when }: Route, body: unknown): boolean {
  if (accepted_when === undefined || typeof body !== "object" || body === null) return false;
  return ((body as Record<string, unknown>)[accepted_when] ?? null) !== null;
}

function versionOf(body: unknown): number | undefined {
  const version = typeof body === "object" && body !== null && "version" in body ? body.version : undefined;
  return typeof version === "number" ? version : undefined;
}
