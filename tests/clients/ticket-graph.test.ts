import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { claimNext, completed, makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

test("each task shows what it still waits for, other tickets' tasks too, and no more what is done", async () => {
  const elsewhere = await makeWork(plane);
  const [abroad = ""] = elsewhere.task_ids;
  const here = await makeWork(plane, [
    { title: "First", ref: "first" },
    { title: "Second", depends_on: ["first", abroad] },
  ]);
  const waitsFor = async () => {
    const at = { url: plane.url, api_key: plane.operator_key };
    const { out } = await runOmoi(["ticket", "graph", here.ticket_id], at);
    const row = out.split("\n").find((line) => line.includes("Second"));
    return row?.split("Second")[1]?.trim().split(" ").toSorted();
  };
  expect(await waitsFor()).toEqual([here.task_ids[0], abroad].toSorted());
  const agent = await here.agent();
  const { task_id, fence } = await claimNext(agent);
  await agent.client.completeTask({ params: { task_id }, body: completed(fence) });
  expect(await waitsFor()).toEqual([abroad]);
});
