import { problemDocument } from "@omoios/contracts/problem-document";
import { routeRows } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";
import { examples, type WriteRoute } from "./examples.ts";
import { withForeignIds } from "./foreign-ids.ts";
import { type Sent, wrongCases } from "./wrong-cases.ts";

const writes = routeRows.filter(([, row]) => row.method !== "GET") as [WriteRoute, Route][];

let plane: HttpHarness;
const good = new Map<WriteRoute, Sent>();
/** What is stored before any wrong call, with nothing left to follow. */
let calm: string;

beforeAll(async () => {
  plane = await harness();
  for (const [name] of writes) good.set(name, await examples[name](plane));
  calm = await plane.settled();
});
afterAll(() => plane.stop());

function exampleOf(name: WriteRoute): Sent {
  const found = good.get(name);
  if (found === undefined) throw new Error(`No example for ${name}`);
  return found;
}

function send({ method, path }: Route, { key, params, query = "", body, headers = {} }: Sent): Promise<Answer> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, param) => params[param] ?? "");
  return callApi(plane.fetch, method, filled + query, { key, body, headers });
}

/** Sends a wrong call and holds the answer to what every refusal must be. */
async function refused(row: Route, call: Sent): Promise<Answer> {
  const answer = await send(row, call);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(problemDocument.parse(answer.body)).toMatchObject({
    status: answer.status,
    request_id: answer.headers.get("x-request-id"),
  });
  return answer;
}

describe("wrong input", () => {
  it("is tried on every route that writes", () => {
    expect(Object.keys(examples).sort()).toEqual(writes.map(([name]) => name).sort());
  });

  describe.each(writes)("to %s", (name, row) => {
    it.each(wrongCases(row))("$title: $status $code", async ({ spoil, status, code, paths = [], exactly = false }) => {
      const { body, ...answer } = await refused(row, spoil(exampleOf(name), plane));
      expect([answer.status, body.code]).toEqual([status, code]);
      if (paths.length === 0) return;
      const faulty: string[] = body.errors.map((fault: { path: string }) => fault.path);
      const isNamed = (path: string) => faulty.some((at) => at === path || (!exactly && at.startsWith(`${path}/`)));
      expect(paths.filter((path) => !isNamed(path))).toEqual([]);
    });

    it("an id of another kind in the body: 422", async () => {
      const call = exampleOf(name);
      for (const { path, body } of withForeignIds(call.body)) {
        const answer = await refused(row, { ...call, body });
        expect(answer.status).toBe(422);
        if (answer.body.code === "request.invalid") expect(JSON.stringify(answer.body.errors)).toContain(path);
      }
    });

    // Once for all of the route's cases: it reads all that is stored.
    it("changed nothing", async () => expect(await plane.snapshot()).toBe(calm));
  });

  it("has no late effect either", async () => {
    expect(await plane.settled()).toBe(calm);
  });

  // A call that was refused for another reason than its fault, or a snapshot that sees nothing, would let every case above pass.
  it.each(writes)("would have been a good call without its fault: %s", async (name, row) => {
    const before = await plane.snapshot();
    // An assertion ends by its time, and the cases above take theirs.
    const answer = await send(row, name === "buyToken" ? await examples[name](plane) : exampleOf(name));
    expect(answer.status).toBe(row.status);
    // The plane makes a phase's tasks by itself when a ticket enters it, and may have been faster.
    if (name === "generateTasks") expect(answer.body.tasks).not.toEqual([]);
    else if (row.status === 201) expect(await plane.snapshot()).not.toBe(before);
  });
});
