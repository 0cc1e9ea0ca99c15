import { replies } from "@omoios/contracts/replies";
import { type RouteName, routeRows, routes } from "@omoios/contracts/routes";
import { describe, expect, it } from "vitest";
import { echoApi } from "../../tests/harness/echo-api.ts";
import { AGENT_ID, TASK_ID } from "../../tests/harness/echo-parts.ts";
import { unknownId } from "../../tests/http/wrong-cases.ts";

const { call, root, parts } = echoApi();
/** Queries without which a route refuses. */
const ASKED: Partial<Record<RouteName, string>> = { listWorst: "?by=agents_active" };

describe("createApi", () => {
  it("tries a fixed path before one with an id", async () => {
    const registered = await call("POST", "/agents/register", { key: "operator", body: "{}" });
    expect(registered.body.errors.length).toBeGreaterThan(0);
    expect((await call("POST", "/tasks/claim", { key: "agent", body: {} })).body.route).toBe("claimTasks");
  });

  it.each(routeRows.filter(([, row]) => row.method === "GET").map(([name]) => name))(
    "%s reaches its verb",
    async (name) => {
      const ids: Record<string, string> = { agent: AGENT_ID, task: TASK_ID };
      const row = routes[name as RouteName];
      const path = Object.entries(row.params).reduce(
        (at, [param, { kind }]) => at.replace(`{${param}}`, ids[kind] ?? unknownId(kind)),
        row.path as string,
      );
      expect((await call("GET", `${path}${ASKED[name] ?? ""}`, { key: "operator" })).status).toBe(200);
      expect(parts.calls.at(-1)?.route).toBe(name);
    },
  );

  it("answers HEAD where it answers GET", async () => {
    const answer = await call("HEAD", "/health");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  });

  it.each(["/api/v1/nothing", "/api/v2/tickets", "/index.html", "/api/v1/tickets/", "//api/v1/health"])(
    "answers 404 to %s",
    async (path) => {
      const answer = await root("GET", path);
      expect([answer.status, answer.body.code]).toEqual([404, "route.not_found"]);
    },
  );

  it("answers 405 with the methods that the path has", async () => {
    const answer = await call("PUT", `/tasks/${TASK_ID}`);
    expect([answer.status, answer.headers.get("allow"), answer.body.allowed]).toEqual([
      405,
      "GET, PATCH",
      ["GET", "PATCH"],
    ]);
  });

  it("allows no other origin", async () => {
    const headers = { origin: "https://elsewhere.test", "access-control-request-method": "POST" };
    for (const method of ["OPTIONS", "GET"]) {
      const answer = await call(method, "/tickets", { key: "operator", headers });
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    expect((await call("OPTIONS", "/tickets", { headers })).status).toBe(405);
  });

  it("holds answers to the table of replies only when it is told to", async () => {
    const strict = echoApi({ replies });
    expect((await strict.call("GET", "/health")).status).toBe(500);
    expect(strict.parts.logged[0]?.fields).toMatchObject({ error: { message: expect.stringContaining("health") } });
    expect((await call("GET", "/health")).status).toBe(200);
  });
});
