import { type RouteName, routeRows } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { SCOPES, type Scope } from "@omoios/contracts/shapes/access";
import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bearers, bearersOf, READ_ONLY } from "../harness/bearers.ts";
import { callApi } from "../harness/call-api.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { contentOf } from "../harness/table-content.ts";
import { unknownId } from "./wrong-cases.ts";

let plane: TestPlane;
let bearers: Bearers;
let content: ReturnType<typeof contentOf>;

beforeAll(async () => {
  plane = await startTestPlane({}, { timeless: true });
  bearers = await bearersOf(plane);
  content = contentOf(plane);
  await content.settled();
});
afterAll(() => plane.stop());

/** Somebody at a route's door, and whether it opens. */
interface Knock {
  who: string;
  key: string | undefined;
  agent_id?: string;
  /** `in`: whatever the answer is, it is not about who calls. */
  expected: "in" | 401 | 403 | 409;
}

/** The areas of the API and their scopes, as the specification lists them; the rows are held to it. */
const AREAS: readonly [path: RegExp, reads: Scope | "any:read" | "none", writes: Scope | "none"][] = [
  [/^\/health$/, "none", "none"],
  [/^\/whoami$/, "none", "none"],
  [/^\/(events|pause)$/, "any:read", "admin"],
  [/^\/resume$/, "none", "admin"],
  [/^\/api-keys/, "admin", "admin"],
  [/^\/audit/, "admin", "none"],
  [/^\/(tasks|dead-letters)/, "tasks:read", "tasks:write"],
  [/^\/tickets\/\{ticket_id\}\/tasks$/, "tickets:read", "tasks:write"],
  [/^\/(tickets|workflows)/, "tickets:read", "tickets:write"],
  [/^\/(alerts|alert-routing|receivers|silences|watchdog)/, "alerts:read", "alerts:write"],
  [/^\/agents/, "agents:read", "agents:write"],
  [/^\/guardian/, "guardian:read", "guardian:act"],
  [/^\/monitor/, "alerts:read", "alerts:write"],
  // A test of a rule stores nothing.
  [/^\/alert-rules\/(test|backtest)$/, "none", "alerts:read"],
  [/^\/alert-rules/, "alerts:read", "alerts:write"],
];

function areaScope({ path, method }: Route): Scope | "any:read" | "none" {
  const area = AREAS.find(([pattern]) => pattern.test(path));
  if (area === undefined) throw new Error(`${path} is of no area that this test knows`);
  return method === "GET" ? area[1] : area[2];
}

/** What a key with that one scope opens: itself, reading below its writing, everything for admin. */
function opens(scope: Scope, needed: ReturnType<typeof areaScope>): boolean {
  if (scope === "admin" || scope === needed) return true;
  if (needed === "any:read" || needed === "none") return true;
  return needed === scope.replace(/:(write|act)$/, ":read");
}

function knocks(row: Route): Knock[] {
  const { agent, another, quarantined, ended, worthless, scoped, ranked, read_only, registration } = bearers;
  const needed = areaScope(row);
  const [operators, agents] = [row.who.includes("operator"), row.who.includes("agent")];
  const registers = row.path === "/agents/register";
  const ofAgent = row.params.agent_id !== undefined;
  const operator = (scopes: readonly Scope[], authority: AuthorityName = "WORKER") => {
    const high_enough = AUTHORITY[authority] >= AUTHORITY[row.authority ?? "WORKER"];
    return operators && high_enough && scopes.some((scope) => opens(scope, needed)) ? "in" : 403;
  };
  return [
    { who: "nobody", key: undefined, expected: 401 },
    ...Object.entries(worthless).map(([who, key]): Knock => ({ who, key, agent_id: agent.agent_id, expected: 401 })),
    { who: "the first operator", key: plane.operator_key, expected: operator(["admin"], "SYSTEM") },
    { who: "a read-only operator", key: read_only, expected: operator(READ_ONLY) },
    ...SCOPES.map((scope): Knock => ({ who: scope, key: scoped.get(scope), expected: operator([scope]) })),
    ...[...ranked].map(
      ([authority, key]): Knock => ({ who: authority, key, expected: operator(["admin"], authority) }),
    ),
    { who: "a registration key", key: registration, expected: registers ? "in" : 403 },
    { who: "the agent", key: agent.token, agent_id: agent.agent_id, expected: agents ? "in" : 403 },
    {
      who: "another agent",
      key: another.token,
      agent_id: agent.agent_id,
      expected: agents && !ofAgent ? "in" : 403,
    },
    {
      who: "an agent in quarantine",
      key: quarantined.token,
      agent_id: quarantined.agent_id,
      expected: agents ? "in" : 403,
    },
    { who: "an agent that has ended", key: ended.token, agent_id: ended.agent_id, expected: 409 },
  ];
}

/** A call that every verb refuses: whoever is let in changes nothing either. */
async function knock(row: Route, { key, agent_id }: Knock): Promise<number> {
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    name === "agent_id" && agent_id !== undefined ? agent_id : unknownId(row.params[name]?.kind ?? "request"),
  );
  const body = row.method === "GET" ? {} : { body: "[]" };
  const answer = await callApi((request) => forward(request), row.method, path, { key, ...body });
  return answer.status;
}

async function forward(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const body = request.body === null ? {} : { body: await request.text() };
  return fetch(plane.url + pathname, { method: request.method, headers: request.headers, ...body });
}

/** What was stored after the last knock. */
let last: string | undefined;
/** How many known callers each route turned away. */
const turnedAway = new Map<string, number>();
const guarded = routeRows.filter(([, { who }]) => who.length > 0);

describe("principals", () => {
  it("are asked for everywhere but here", () => {
    const open = routeRows.filter(([, { who }]) => who.length === 0).map(([name]) => name);
    expect(open.sort()).toEqual(["buyToken", "health"] satisfies RouteName[]);
  });

  it.each(guarded)("need for %s the scope of its area", (_name, row) => {
    expect(row.scope ?? "none").toBe(row.who.includes("operator") ? areaScope(row) : "none");
  });

  it.each(guarded)("at %s", async (name, row) => {
    last ??= await content.snapshot();
    const tried = knocks(row);
    const answers = await Promise.all(tried.map((one) => knock(row, one)));
    const seen = tried.map(({ who, expected }, at) => {
      const status = answers[at] ?? 0;
      const passed = status < 500 && ![401, 403, 409, 429].includes(status);
      return [who, expected === "in" && passed ? "in" : status];
    });
    expect(seen).toEqual(tried.map(({ who, expected }) => [who, expected]));
    turnedAway.set(name, answers.filter((status) => status === 403).length);
    const before = last;
    last = await content.snapshot();
    expect(last).toBe(before);
  });

  it("that are known and turned away stand in the audit, each time and with the route", async () => {
    const kept = new Map<string, number>();
    let cursor: string | undefined;
    do {
      const query = { what: "access.refused", limit: 100, ...(cursor === undefined ? {} : { cursor }) };
      const page = await plane.operator.listAudit({ query });
      for (const { after } of page.items) kept.set(String(after.route), (kept.get(String(after.route)) ?? 0) + 1);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    const expected = [...turnedAway].filter(([, count]) => count > 0).sort();
    expect(expected.length).toBeGreaterThan(50);
    expect([...kept].sort()).toEqual(expected);
  });
});
