import type { CallRequest } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { completed, heldTask, refusalOf, untilTask } from "../harness/work.ts";

type Result = CallRequest<"completeTask">["body"]["result"];

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const KB = 1024;
/** As JSON two bytes for each of its members, and three in the store. */
const digits = (bytes: number): number[] => Array.from({ length: Math.floor((bytes - 2) / 2) }, () => 1);
const text = (bytes: number): string => "x".repeat(bytes - 2);
/** Two bytes for each character. */
const cyrillic = (bytes: number): string => "Ж".repeat((bytes - 2) / 2);
const lines = (count: number, line: string): string[] => Array.from({ length: count }, () => line);
const named = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, n) => ({ type: "doc", path: `p${n}`, metadata: { text: text(bytes) } }));

it.each<[string, Partial<Result>]>([
  ["an output of 100 KB", { output: text(100 * KB) }],
  ["an output of 100 KB in characters of two bytes", { output: cyrillic(100 * KB) }],
  ["a handoff of nearly 100 KB", { handoff: { done: lines(50, text(2_000)) } }],
  ["what takes most room in the store", { output: digits(100 * KB), discoveries: [digits(139 * KB)] }],
  [
    "artifacts whose contents are larger than all the rest may be",
    {
      artifacts: Array.from({ length: 4 }, (_, n) => ({ type: "doc", path: `p${n}`, content: text(90 * KB) })),
      discoveries: [text(230 * KB)],
    },
  ],
])("a result is kept: %s", async (_what, result) => {
  const { agent, params, fence } = await heldTask(plane);
  await agent.client.completeTask({ params, body: completed(fence, result) });
  const { result: kept } = await untilTask(plane.operator, params.task_id, "completed");
  const { artifacts, handoff: _handoff, ...said } = result;
  expect(kept).toMatchObject(said);
  expect((kept as { artifacts: unknown[] }).artifacts).toHaveLength(artifacts?.length ?? 0);
});

it.each<[string, Partial<Result>, string]>([
  ["an output", { output: text(100 * KB + 1) }, "/result/output"],
  ["an output in bytes", { output: cyrillic(100 * KB + 2) }, "/result/output"],
  ["a handoff", { handoff: { done: lines(50, text(2_000)), remaining: lines(50, text(2_000)) } }, "/result/handoff"],
  ["discoveries", { discoveries: [text(240 * KB)] }, "/result"],
  ["metrics", { metrics: Object.fromEntries(Array.from({ length: 25_000 }, (_, n) => [`metric_${n}`, n])) }, "/result"],
  ["what artifacts say of themselves", { artifacts: named(16, 16 * KB) }, "/result"],
  [
    "an artifact's metadata in bytes",
    { artifacts: [{ type: "doc", path: "p", metadata: { text: cyrillic(20 * KB + 2) } }] },
    "/result/artifacts/0/metadata",
  ],
])("a result is refused that no row would take: %s", async (_what, result, path) => {
  const { agent, params, fence } = await heldTask(plane);
  const refusal = await refusalOf(agent.client.completeTask({ params, body: completed(fence, result) }));
  expect(refusal).toMatchObject({ status: 422, code: "request.invalid", errors: [{ path }] });
  expect(refusal.errors[0]?.message).toMatch(/artifact|url/);
});

it("a handoff is held to its bound wherever it may be said", async () => {
  const { agent, params, fence } = await heldTask(plane);
  const handoff = { done: lines(50, text(2_000)), remaining: lines(50, text(2_000)) };
  const error = { message: "It broke" };
  const said = [
    agent.client.failTask({ params, body: { fence, error, handoff } }),
    agent.client.releaseTask({ params, body: { fence, reason: "over", handoff } }),
  ];
  for (const refusal of await Promise.all(said.map(refusalOf)))
    expect(refusal).toMatchObject({ status: 422, errors: [{ path: "/handoff" }] });
});

it("artifacts are answered as they are kept, without those that were handed in before", async () => {
  const { agent, params, fence } = await heldTask(plane);
  const handIn = async (path: string, content: string) => {
    const body = { fence, artifacts: [{ type: "doc", path, content }] };
    return (await agent.client.addTaskArtifacts({ params, body })).artifacts;
  };
  const kept = { ...params, type: "doc", metadata: {}, url: null };
  expect(await handIn("one", "a")).toEqual([expect.objectContaining({ ...kept, path: "one", revision: 1 })]);
  expect(await handIn("two", "b")).toEqual([expect.objectContaining({ ...kept, path: "two", content: "b" })]);
  expect(await handIn("one", "c")).toEqual([expect.objectContaining({ ...kept, path: "one", revision: 2 })]);
});
