import type { AuthorityName } from "@omoios/kernel/principal";
import type * as z from "zod";
import type { PathKind } from "../path-param.ts";
import type { ProblemCode } from "../problems.ts";
import type { Scope } from "../shapes/access.ts";

/** What stands in a path: the kind of id or name, and the problem that answers one which names nothing. */
export interface PathParam {
  kind: PathKind;
  missing: ProblemCode;
}

/** A registration key may register agents, and nothing else. */
export type PrincipalKind = "operator" | "agent" | "registration";

/** One endpoint. The server binds it, the SDK calls it, OpenAPI describes it: adding an endpoint is one row and one verb. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Under `/api/v1`, parameters in braces. */
  path: string;
  summary: string;
  tag: "tickets" | "tasks" | "agents" | "monitor" | "alerts" | "watchdog" | "guardian" | "access" | "plane";
  /** Principals that may call it; an agent only for itself or for what it holds, which the verb judges. Empty: no principal is needed. */
  who: readonly PrincipalKind[];
  /** Scope that an operator's key needs; `any:read` is any scope. Without one any key of an operator will do. */
  scope?: Scope | "any:read";
  /** Authority that an operator's key needs beside it. */
  authority?: AuthorityName;
  params: Readonly<Record<string, PathParam>>;
  /** Made at the first request that needs it: a process that starts answers one request, and the schemas of all would take it longer. */
  query?: () => z.ZodObject;
  body?: () => z.ZodType;
  /** Largest body; 256 KB unless given. */
  max_body_bytes?: number;
  /** What it answers in, where that is no JSON. */
  media_type?: string;
  /** A second form in which it answers, as a text, where the caller's `Accept` prefers that to JSON. */
  text_type?: string;
  /** 202: it was taken, and what follows from it comes later. */
  status: 200 | 201 | 202;
  /** The member of the reply that is null when the work is done; until then the answer is 202. */
  accepted_when?: string;
  /** Problems of its own, beside those that every route may answer with. */
  problems: readonly ProblemCode[];
  /**
   * Whether `Idempotency-Key` is honoured (writes of people and services). `answer`: what it does is many writes, behind which its answer
   * is kept under the key; a small one without a secret.
   */
  idempotent?: boolean | "answer";
  /** Whether the answer carries a secret that is never repeated. */
  secret?: boolean;
  /** Whether `ETag` is answered and `If-Match` honoured. */
  etag?: boolean;
}

/**
 * Whether a repeated request is answered by reading again what the first one made. Agents' verbs keep their keys themselves, and a secret
 * is told once.
 */
export const needsReplay = (row: Route): boolean =>
  row.idempotent === true && row.secret !== true && row.who.includes("operator");

export const MAX_BODY_BYTES = 256 * 1024;
/** Of routes that take many things at once: tasks, artifacts, alerts. */
export const MAX_LARGE_BODY_BYTES = 1024 * 1024;

/** How large a body a route takes, for people: `256 KB`, `1 MB`. */
export function bodyLimit({ max_body_bytes = MAX_BODY_BYTES }: Route): string {
  const kilobytes = max_body_bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes} KB` : `${kilobytes / 1024} MB`;
}

export const BASE_PATH = "/api/v1";

export const TICKET: Readonly<Record<"ticket_id", PathParam>> = {
  ticket_id: { kind: "ticket", missing: "ticket.not_found" },
};
export const ARTIFACT: Readonly<Record<"ticket_id" | "artifact_id", PathParam>> = {
  ...TICKET,
  artifact_id: { kind: "artifact", missing: "artifact.not_found" },
};
export const TASK: Readonly<Record<"task_id", PathParam>> = { task_id: { kind: "task", missing: "task.not_found" } };
export const AGENT: Readonly<Record<"agent_id", PathParam>> = {
  agent_id: { kind: "agent", missing: "agent.not_found" },
};

export const ALERT: Readonly<Record<"alert_id", PathParam>> = {
  alert_id: { kind: "alert", missing: "alert.not_found" },
};
export const SILENCE: Readonly<Record<"silence_id", PathParam>> = {
  silence_id: { kind: "silence", missing: "silence.not_found" },
};

export const REMEDIATION: Readonly<Record<"remediation_id", PathParam>> = {
  remediation_id: { kind: "remediation", missing: "remediation.not_found" },
};

export const INTERVENTION: Readonly<Record<"action_id", PathParam>> = {
  action_id: { kind: "intervention", missing: "guardian.action_not_found" },
};

/** Keeps a table's literal types and holds each row to the shape of a route. */
export const table = <const T extends Record<string, Route>>(rows: T): T => rows;
