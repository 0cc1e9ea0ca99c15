import { problemDocument } from "@omoios/contracts/problem-document";
import { Stale } from "@omoios/domain/commit";
import { Problem } from "@omoios/kernel/problem";
import { describe, expect, it } from "vitest";
import { echoApi } from "../../../tests/harness/echo-api.ts";
import { TICKET_ID } from "../../../tests/harness/echo-parts.ts";

async function answerTo(error: unknown) {
  const { call, parts } = echoApi();
  parts.failing.with = error;
  return { ...(await call("GET", `/tickets/${TICKET_ID}`, { key: "operator" })), logged: parts.logged };
}

describe("answerProblem", () => {
  it("answers a problem as its catalogue row says, with what helps", async () => {
    const { status, headers, body, logged } = await answerTo(
      new Problem("ticket.transition_refused", {
        detail: "Not yet.",
        extra: { allowed: ["PHASE_DESIGN"], status: 200 },
      }),
    );
    expect(status).toBe(409);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(problemDocument.parse(body)).toMatchObject({
      type: "/docs#problem-ticket.transition_refused",
      title: "The ticket may not go there now",
      status: 409,
      detail: "Not yet.",
      instance: `/api/v1/tickets/${TICKET_ID}`,
      code: "ticket.transition_refused",
      request_id: headers.get("x-request-id"),
      allowed: ["PHASE_DESIGN"],
    });
    expect(logged).toEqual([]);
  });

  it("says nothing of a fault of our own, and logs it under the request's id", async () => {
    const error = new TypeError("secret things at /srv/plane.ts:12");
    const { status, body, headers, logged } = await answerTo(error);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|plane\.ts/);
    expect(logged).toEqual([
      {
        message: "Request failed",
        fields: expect.objectContaining({ request_id: headers.get("x-request-id"), error }),
      },
    ]);
  });

  it("takes a code that the catalogue lacks for a fault of our own", async () => {
    expect((await answerTo(new Problem("task.unheard_of"))).body.code).toBe("internal");
  });

  it.each([
    [
      "a throttled table",
      Object.assign(new Error("slow down"), { name: "ThrottlingException" }),
      503,
      "plane.unavailable",
    ],
    ["a row that others change", new Stale("ticket"), 409, "conflict.busy"],
  ])("says of %s when to come again", async (_what, error, status, code) => {
    const answer = await answerTo(error);
    expect([answer.status, answer.body.code, answer.headers.get("retry-after")]).toEqual([status, code, "1"]);
  });

  it("rounds Retry-After up to whole seconds", async () => {
    const { headers } = await answerTo(new Problem("conflict.busy", { extra: { retry_after_ms: 1_001 } }));
    expect(headers.get("retry-after")).toBe("2");
  });
});
