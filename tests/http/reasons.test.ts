import { routeRows } from "@omoios/contracts/routes";
import type { Route } from "@omoios/contracts/routes/route";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";
import { untilHolds } from "../harness/until.ts";
import { examples, type WriteRoute } from "./examples.ts";

/** Under these names people say why they do something. An agent's progress says what it is at, and most of it is never an event. */
const WHY = ["reason", "note", "comment"] as const;
const NO_REASON: readonly string[] = ["progressTask"];

function whyIn({ body }: Route): string | undefined {
  if (body === undefined) return undefined;
  const { properties = {}, anyOf = [] } = z.toJSONSchema(body(), { io: "input", unrepresentable: "any" });
  const members = [properties, ...anyOf.map((each) => (typeof each === "object" ? (each.properties ?? {}) : {}))];
  return WHY.find((name) => members.some((each) => Object.hasOwn(each, name)));
}

const asked = routeRows.flatMap(([name, row]): [WriteRoute, string, Route][] => {
  const member = whyIn(row);
  return member === undefined || NO_REASON.includes(name) ? [] : [[name as WriteRoute, member, row]];
});

let plane: HttpHarness;
beforeAll(async () => {
  plane = await harness();
});
afterAll(() => plane.stop());

describe("why something was done", () => {
  it("is asked for by the routes that people use", () => {
    const names = asked.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["unblockTicket", "retryTask", "resume", "createSilence"]));
    expect(names.length).toBeGreaterThan(15);
  });

  it.each(asked)("to %s stands in the audit (%s)", async (name, member, { method, path }) => {
    // What a resumption is to be told of, has to be paused.
    if (name === "resume") await callApi(plane.fetch, "POST", "/pause", await examples.pause(plane));
    const { key, params, body } = await examples[name](plane);
    const said = `Because ${name} was tried`;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, param) => (params as Record<string, string>)[param] ?? "");
    const answer = await callApi(plane.fetch, method, filled, { key, body: { ...Object(body), [member]: said } });
    expect(answer.status).toBeLessThan(300);
    await untilHolds(
      async () => {
        const { body: page } = await callApi(plane.fetch, "GET", "/audit?limit=100", { key: plane.operator_key });
        expect(page.items.map(({ reason }: { reason?: string }) => reason)).toContain(said);
      },
      { timeout_ms: 10_000 },
    );
  });
});
