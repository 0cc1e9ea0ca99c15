import { problemDocument } from "@omoios/contracts/problems";
import { routeRows } from "@omoios/contracts/routes";
import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";
import { examples, type WriteRoute } from "./examples.ts";
import { withForeignIds } from "./foreign-ids.ts";
import { type Sent, wrongCases } from "./wrong-cases.ts";

const writes = routeRows.filter(([, row]) => row.method !== "GET");

describe("wrong input", () => {
  it("is tried on every route that writes", () => {
    expect(Object.keys(examples).sort()).toEqual(writes.map(([name]) => name).sort());
  });

  describe.each(writes)("to %s", (name, row) => {
    let plane: HttpHarness;
    let good: Sent;

    const send = ({ key, params, query = "", body, headers = {} }: Sent): Promise<Answer> => {
      const path = row.path.replaceAll(/\{(\w+)\}/g, (_whole, param) => params[param] ?? "");
      return callApi(plane.fetch, row.method, path + query, { key, body, headers });
    };
    /** Sends a wrong call and holds the answer to what every refusal must be. */
    const refused = async (call: Sent): Promise<Answer> => {
      const before = await plane.snapshot();
      const answer = await send(call);
      expect(await plane.snapshot()).toBe(before);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(problemDocument.parse(answer.body)).toMatchObject({
        status: answer.status,
        request_id: answer.headers.get("x-request-id"),
      });
      return answer;
    };

    beforeAll(async () => {
      plane = await harness();
      good = await examples[name as WriteRoute](plane);
    });

    it.each(wrongCases(row))("$title: $status $code", async ({ spoil, status, code, path }) => {
      const { body, ...answer } = await refused(await spoil(good, plane));
      expect([answer.status, body.code]).toEqual([status, code]);
      if (path === undefined) return;
      const faulty = body.errors.map((fault: { path: string }) => fault.path);
      expect(faulty.some((at: string) => at === path || at.startsWith(`${path}/`))).toBe(true);
    });

    it("an id of another kind in the body: 422", async () => {
      for (const { path, body } of withForeignIds(good.body)) {
        const answer = await refused({ ...good, body });
        expect(answer.status).toBe(422);
        if (answer.body.code === "request.invalid") expect(JSON.stringify(answer.body.errors)).toContain(path);
      }
    });

    it("none at all: the call that was spoiled is taken", async () => {
      const before = await plane.snapshot();
      expect((await send(good)).status).toBe(row.status);
      // A snapshot that saw nothing would let every case above pass.
      if (row.status === 201) expect(await plane.snapshot()).not.toBe(before);
    });
  });
});
