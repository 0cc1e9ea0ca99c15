import type { PathKind } from "@omoios/contracts/path-param";
import type { ProblemCode } from "@omoios/contracts/problems";
import { MAX_BODY_BYTES, type Route } from "@omoios/contracts/routes/route";
import { ID_PREFIX, type IdKind } from "@omoios/kernel/ids";
import * as z from "zod";
import type { HttpHarness } from "../harness/http-harness.ts";
import { wrongMembers } from "./wrong-members.ts";

/** A call as it is sent. The body is JSON, or text sent as it is. */
export interface Sent {
  key: string | undefined;
  params: Record<string, string>;
  query?: string;
  body: unknown;
  headers?: Record<string, string>;
}

/** One way to spoil a good call, and the refusal that it must meet. */
export interface WrongCase {
  title: string;
  spoil(call: Sent, plane: HttpHarness): Sent;
  status: number;
  code: ProblemCode;
  /** Where `errors` must find faults: there or below, or just there. */
  paths?: string[];
  exactly?: boolean;
}

/** An id or a name that nothing has. */
export function unknownId(kind: PathKind): string {
  if (!(kind in ID_PREFIX)) return "nothing";
  return `${ID_PREFIX[kind as IdKind]}${kind === "agent" ? "00000000-0000-4000-8000-000000000000" : "0".repeat(20)}`;
}

/** Every wrong call that a row's own shape asks to try. */
export function wrongCases(row: Route): WrongCase[] {
  return [...principalCases(row), ...pathCases(row), ...bodyCases(row), ...memberCases(row), ...headerCases(row)];
}

function principalCases(row: Route): WrongCase[] {
  const cases: WrongCase[] = [];
  const add = (title: string, status: number, code: ProblemCode, key: (plane: HttpHarness) => string | undefined) =>
    cases.push({ title, status, code, spoil: (call, plane) => ({ ...call, key: key(plane) }) });
  if (row.who.length === 0) return cases;
  const anotherAgent = ({ bystander }: HttpHarness) => bystander.token;
  add("no key", 401, "auth.missing", () => undefined);
  add("a key that nobody has", 401, "auth.invalid", () => "omoi_sk_nobody");
  if (!row.who.includes("agent")) add("an agent", 403, "auth.forbidden", anotherAgent);
  if (!row.who.includes("operator")) add("an operator", 403, "auth.forbidden", (plane) => plane.operator_key);
  if (row.scope) add("a key without the scope", 403, "auth.forbidden", (plane) => plane.other_scopes_key);
  if (row.authority)
    add("a key with less authority", 403, "auth.authority_too_low", (plane) => plane.low_authority_key);
  if (row.who.includes("agent") && row.params.agent_id) add("another agent", 403, "auth.forbidden", anotherAgent);
  if (row.who.includes("agent") && row.params.task_id)
    add("an agent without the task", 403, "task.not_holder", anotherAgent);
  return cases;
}

function pathCases(row: Route): WrongCase[] {
  return Object.entries(row.params).flatMap(([name, { kind, missing }]) => {
    const other: IdKind = kind === "ticket" ? "task" : "ticket";
    const ofItself = name === "agent_id" && row.who.includes("agent");
    const refusal = ofItself ? { status: 403, code: "auth.forbidden" as const } : { status: 404, code: missing };
    return [
      { title: `a ${name} that nothing has`, id: unknownId(kind) },
      { title: `a ${name} of another kind`, id: unknownId(other) },
      { title: `a ${name} that is no id`, id: "%F0%9F%98%80" },
    ].map(({ title, id }) => ({
      title,
      ...refusal,
      spoil: (call: Sent) => ({ ...call, params: { ...call.params, [name]: id } }),
    }));
  });
}

function bodyCases(row: Route): WrongCase[] {
  const invalid = { status: 422, code: "request.invalid" } as const;
  const limit = row.max_body_bytes ?? MAX_BODY_BYTES;
  const add = (call: Sent, member: object): Sent => ({ ...call, body: { ...(call.body as object), ...member } });
  const spread = (call: Sent, json: string): Sent => ({
    ...call,
    body: JSON.stringify(call.body ?? {}).replace(/^\{(?=(.?))/, (_open, next) => `{${json}${next === "}" ? "" : ","}`),
  });
  return [
    { title: "bad JSON", status: 400, code: "request.bad_json", spoil: (call) => ({ ...call, body: "{" }) },
    { title: "no object", ...invalid, paths: [""], spoil: (call) => ({ ...call, body: "[]" }) },
    // A body of somebody else's format may hold more than is read.
    ...(isOpen(row)
      ? []
      : [
          {
            title: "an unknown member",
            ...invalid,
            paths: ["/unheard_of"],
            spoil: (call: Sent) => add(call, { unheard_of: 1 }),
          },
        ]),
    // Authority comes from the principal; the one body that may name it is that of a new key, which the maker's bounds.
    ...("authority" in membersOf(row) || isOpen(row)
      ? []
      : [
          {
            title: "an authority",
            ...invalid,
            paths: ["/authority"],
            spoil: (call: Sent) => add(call, { authority: "SYSTEM" }),
          },
        ]),
    {
      title: "__proto__",
      ...invalid,
      paths: ["/__proto__"],
      spoil: (call) => spread(call, '"__proto__":{"admin":true}'),
    },
    {
      title: "half a character",
      ...invalid,
      paths: ["/unheard_of"],
      spoil: (call) => spread(call, '"unheard_of":"\\ud800"'),
    },
    {
      title: "too large a body",
      status: 413,
      code: "request.too_large",
      spoil: (call) => ({ ...call, body: JSON.stringify(call.body ?? {}).padEnd(limit + 1) }),
    },
  ];
}

function memberCases(row: Route): WrongCase[] {
  return wrongMembers(row).map(({ title, members, paths, exactly }) => ({
    title,
    exactly,
    status: 422,
    code: "request.invalid",
    paths,
    spoil: (call) => ({ ...call, body: { ...(call.body as object), ...members } }),
  }));
}

function headerCases(row: Route): WrongCase[] {
  const cases: WrongCase[] = [
    {
      title: "an unknown parameter",
      status: 422,
      code: "request.invalid",
      paths: ["unheard_of"],
      spoil: (call) => ({ ...call, query: "?unheard_of=1" }),
    },
  ];
  const add = (title: string, headers: Record<string, string>, refusal: Pick<WrongCase, "status" | "code" | "paths">) =>
    cases.push({ title, ...refusal, spoil: (call) => ({ ...call, headers }) });
  if (row.etag) add("a stale version", { "if-match": '"0"' }, { status: 412, code: "request.precondition_failed" });
  if (row.idempotent) {
    add(
      "a faulty key",
      { "idempotency-key": "a b" },
      { status: 422, code: "request.invalid", paths: ["Idempotency-Key"] },
    );
  }
  return cases;
}

const isOpen = (row: Route) => {
  const body = row.body?.();
  return body instanceof z.ZodObject && body.def.catchall instanceof z.ZodUnknown;
};

function membersOf(row: Route): Record<string, z.ZodType> {
  const given = row.body?.();
  const body = given instanceof z.ZodOptional ? given.unwrap() : given;
  return body instanceof z.ZodObject ? (body.shape as Record<string, z.ZodType>) : {};
}
