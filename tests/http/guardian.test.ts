import { afterAll, beforeAll, expect, it } from "vitest";
import { type CallOptions, callApi } from "../harness/call-api.ts";
import { makersOf } from "../harness/makers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";

let plane: TestPlane;
let make: ReturnType<typeof makersOf>;

beforeAll(async () => {
  // Long before the minute is over, all that this file does is done.
  plane = await startTestPlane({ guardian_actions_per_minute: 5 }, { timeless: true });
  make = makersOf(plane);
});
afterAll(() => plane.stop());

const ACTIONS = "/guardian/actions";
const call = (path: string, options: CallOptions) =>
  callApi((request) => forward(request), "POST", path, { key: plane.operator_key, ...options });

async function forward(request: Request): Promise<Response> {
  return fetch(plane.url + new URL(request.url).pathname, {
    method: "POST",
    headers: request.headers,
    body: await request.text(),
  });
}

const cancelling = async (more: object = {}) => ({
  action: "cancel_task",
  target: { kind: "task", id: (await make.task()).task_id },
  reason: "A test",
  ...more,
});

const keyWith = async (authority: "MONITOR" | "GUARDIAN") =>
  (await plane.operator.createApiKey({ body: { name: authority, scopes: ["guardian:act", "tasks:read"], authority } }))
    .api_key;

it("is for an authority of GUARDIAN or more, which no body gives", async () => {
  const [monitor, guardian] = [await keyWith("MONITOR"), await keyWith("GUARDIAN")];
  const body = await cancelling();
  const low = { status: 403, body: { code: "auth.authority_too_low" } };
  expect(await call(ACTIONS, { key: monitor, body })).toMatchObject(low);
  const claimed = await call(ACTIONS, { key: monitor, body: { ...body, authority: "GUARDIAN" } });
  expect(claimed).toMatchObject(low);
  const given = await call(ACTIONS, { key: guardian, body: { ...body, authority: "SYSTEM" } });
  expect(given).toMatchObject({ status: 422, body: { errors: [{ path: "/authority" }] } });
  expect((await plane.operator.getTask({ params: { task_id: body.target.id } })).status).toBe("ready");
  const done = await call(ACTIONS, { key: guardian, body });
  expect(done).toMatchObject({ status: 201, body: { by: { authority: "GUARDIAN" } } });
  const path = `${ACTIONS}/${done.body.action_id}/revert`;
  expect(await call(path, { key: monitor, body: { reason: "No" } })).toMatchObject(low);
  const refused = await plane.operator.listAudit({ query: { what: "access.refused" } });
  expect(refused.items.filter(({ after }) => after.route === "intervene")).toHaveLength(2);
});

it.each<[string, object, string]>([
  [
    "a target of another kind",
    { target: { kind: "agent", id: "agent_00000000-0000-4000-8000-000000000000" } },
    "/target/kind",
  ],
  ["an id of another kind", { target: { kind: "task", id: "nothing" } }, "/target/id"],
  ["parameters of another action", { parameters: { amount: 1 } }, "/parameters/amount"],
  ["no parameters where some are needed", { action: "override_priority" }, "/parameters/priority"],
  ["a blank reason", { reason: "  " }, "/reason"],
])("refuses %s at its place", async (_what, change, path) => {
  const answer = await call(ACTIONS, { body: await cancelling(change) });
  expect(answer).toMatchObject({ status: 422, body: { code: "request.invalid" } });
  expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toContain(path);
});

it("makes one action of two posts with one idempotency key", async () => {
  const body = await cancelling();
  const headers = { "idempotency-key": "once" };
  const first = await call(ACTIONS, { body, headers });
  const second = await call(ACTIONS, { body, headers });
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  expect(second.body).toEqual(first.body);
  const other = await call(ACTIONS, { body: { ...body, reason: "Another" }, headers });
  expect(other).toMatchObject({ status: 409, body: { code: "idempotency.key_reused" } });
  const { items } = await plane.operator.listInterventions({ query: { target: body.target.id } });
  expect(items).toHaveLength(1);
});

it("answers 429 with Retry-After to what is too much for a minute", async () => {
  const before = (await plane.operator.listInterventions()).items.length;
  const bodies = await Promise.all(Array.from({ length: 8 }, () => cancelling()));
  const answers = await Promise.all(bodies.map((body) => call(ACTIONS, { body })));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(answers.length - refused.length).toBe(5 - before);
  for (const { status, body, headers } of refused) {
    expect([status, body.code]).toEqual([429, "guardian.action_limit"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
  }
  const [done] = (await plane.operator.listInterventions()).items;
  const path = `${ACTIONS}/${done?.action_id}/revert`;
  expect(await call(path, { body: { reason: "Too much" } })).toMatchObject({ status: 200 });
});
