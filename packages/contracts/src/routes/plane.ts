import * as z from "zod";
import { isEventType } from "../events.ts";
import { createApiKey } from "../shapes/access.ts";
import { paging, reason, time } from "../shapes/common.ts";
import { table } from "./route.ts";

const name = z.string().min(1).max(100);
const admin = { who: ["operator"], scope: "admin", params: {}, status: 200 } as const;

export const planeRoutes = table({
  health: {
    method: "GET",
    path: "/health",
    summary: "Whether the plane answers",
    tag: "plane",
    who: [],
    params: {},
    status: 200,
    problems: [],
  },
  whoami: {
    method: "GET",
    path: "/whoami",
    summary: "Who calls: principal, scopes, authority, agent",
    tag: "access",
    who: ["operator", "agent"],
    params: {},
    status: 200,
    problems: [],
  },
  listEvents: {
    method: "GET",
    path: "/events",
    summary:
      "The event log in the order of its writing, of all or of one subject, from a moment (or `now`) on or after a cursor, which never ends: without `more` the next page is to be waited for. With `order=newest` against its order, until the cursor is null",
    tag: "plane",
    who: ["operator"],
    scope: "any:read",
    params: {},
    query: () =>
      z.strictObject({
        limit: paging.limit,
        after: z.string().min(1).max(2_000).optional(),
        from: z.union([time, z.literal("now")], "must be a time (2026-01-05T10:00:00Z) or now").optional(),
        order: z.enum(["oldest", "newest"]).default("oldest"),
        subject: z.string().min(1).max(100).optional(),
        type: z.string().refine(isEventType, "is no event type: see /docs").optional(),
      }),
    status: 200,
    problems: ["request.cursor_invalid"],
  },
  listAudit: {
    ...admin,
    method: "GET",
    path: "/audit",
    summary:
      "What was changed, refused and done by itself, newest first. A page may hold fewer than `limit` while a cursor follows",
    tag: "access",
    query: () =>
      z.strictObject({
        ...paging,
        who: name.optional(),
        subject: name.optional(),
        what: name.optional(),
        from: time.optional(),
        to: time.optional(),
      }),
    problems: ["request.cursor_invalid"],
  },
  exportAudit: {
    ...admin,
    method: "GET",
    path: "/audit/records",
    summary: "The audit as it is stored, for whoever verifies it: a begin, roots, pages with their entries, an end",
    tag: "access",
    query: () => z.strictObject({ cursor: paging.cursor }),
    problems: ["request.cursor_invalid"],
  },
  listAuditKeys: {
    ...admin,
    method: "GET",
    path: "/audit/keys",
    summary:
      "The keys of the audit's hashes, for whoever verifies it. Who holds them and can write the tables could forge it",
    tag: "access",
    authority: "GUARDIAN",
    problems: ["auth.authority_too_low"],
  },
  getPause: {
    method: "GET",
    path: "/pause",
    summary: "Whether the stage's claims are paused, since when and why",
    tag: "plane",
    who: ["operator"],
    scope: "any:read",
    params: {},
    status: 200,
    problems: [],
  },
  pause: {
    ...admin,
    method: "POST",
    path: "/pause",
    summary: "Stop all claims of the stage; what runs goes on",
    tag: "plane",
    body: () => z.strictObject({ reason }),
    problems: [],
    idempotent: true,
  },
  resume: {
    ...admin,
    method: "POST",
    path: "/resume",
    summary: "Let claims go on",
    tag: "plane",
    body: () => z.strictObject({ reason: reason.optional() }),
    problems: [],
    idempotent: true,
  },
  createApiKey: {
    ...admin,
    method: "POST",
    path: "/api-keys",
    summary: "Make a key; it is shown once. Neither scopes nor authority above the maker's",
    tag: "access",
    body: createApiKey,
    status: 201,
    problems: ["auth.authority_too_low"],
    idempotent: true,
    secret: true,
  },
  listApiKeys: {
    ...admin,
    method: "GET",
    path: "/api-keys",
    summary: "List keys, newest first, without their secrets",
    tag: "access",
    query: () => z.strictObject(paging),
    problems: ["request.cursor_invalid"],
  },
  revokeApiKey: {
    ...admin,
    method: "DELETE",
    path: "/api-keys/{key_id}",
    summary: "Revoke a key at once",
    tag: "access",
    params: { key_id: { kind: "apiKey", missing: "api_key.not_found" } },
    problems: [],
  },
});
