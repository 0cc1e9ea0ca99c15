import { routeRows } from "@omoios/contracts/routes";
import { MAX_BODY_BYTES, MAX_LARGE_BODY_BYTES } from "@omoios/contracts/routes/route";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { completed, heldTask, keepBeating, refusalOf } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

/** The largest content that an artifact may have. */
const CONTENT = 100 * 1024;
const artifacts = (count: number, letter: string, size = CONTENT) =>
  Array.from({ length: count }, (_, n) => ({ type: "code", path: `file-${n}`, content: letter.repeat(size) }));

it("what takes many things at once takes 1 MB, everything else 256 KB, and /docs says so of each", async () => {
  const large = routeRows.filter(([, row]) => (row.max_body_bytes ?? MAX_BODY_BYTES) > MAX_BODY_BYTES);
  expect(large.map(([name]) => name).toSorted()).toEqual([
    "addTaskArtifacts",
    "addTicketArtifacts",
    "completeTask",
    "createTasks",
    "createTicket",
    "ingestAlertmanager",
    "progressTask",
  ]);
  for (const [, row] of large) expect(row.max_body_bytes).toBe(MAX_LARGE_BODY_BYTES);
  const page = await (await fetch(`${plane.url}/docs`)).text();
  const limitOf = (name: string) => page.split(`id="route-${name}"`)[1]?.match(/<h4>Body, at most ([^<]+)</)?.[1];
  expect(limitOf("completeTask")).toBe("1 MB");
  expect(limitOf("failTask")).toBe("256 KB");
});

it("twenty full artifacts are too much for one call, which says how much is not and what to do; in several they are taken", async () => {
  const { agent, params, fence } = await heldTask(plane);
  const stop = keepBeating(agent, [params.task_id]);
  try {
    const all = artifacts(20, "a");
    const whole = agent.client.completeTask({ params, body: completed(fence, { artifacts: all }) });
    const problem = await refusalOf(whole);
    expect([problem.status, problem.code]).toEqual([413, "request.too_large"]);
    expect(problem.extra.max_body_bytes).toBe(MAX_LARGE_BODY_BYTES);
    expect(problem.detail).toBe("This route takes bodies of at most 1 MB (1048576 bytes).");
    expect(problem.remedy).toContain("hand in a url");
    expect((await plane.operator.getTask({ params })).status).toBe("running");
    for (const some of [all.slice(0, 10), all.slice(10)])
      await agent.client.addTaskArtifacts({ params, body: { fence, artifacts: some } });
    // All twenty anew, so that the twenty revisions before go into the same transaction.
    const again = artifacts(20, "b", 40 * 1024);
    const done = await agent.client.completeTask({ params, body: completed(fence, { artifacts: again }) });
    expect(done.status).toBe("completed");
  } finally {
    stop();
  }
});

it("a content above 100 KB is refused with the advice to hand in a URL", async () => {
  const { agent, params, fence } = await heldTask(plane);
  const [larger] = artifacts(1, "a", CONTENT + 1);
  const given = { params, body: completed(fence, { artifacts: [larger] }) };
  const problem = await refusalOf(agent.client.completeTask(given));
  expect([problem.status, problem.errors]).toEqual([
    422,
    [
      {
        path: "/result/artifacts/0/content",
        message: "is larger than 100 KB: store it elsewhere and hand in its url",
      },
    ],
  ]);
});
