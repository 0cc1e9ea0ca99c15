import { afterAll, beforeAll, expect, test } from "vitest";
import { makersOf } from "../harness/makers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

test("every open dead letter is redriven, and what the plane refuses is told and stays", async () => {
  const makers = makersOf(plane);
  for (let n = 0; n < 3; n++) await makers.deadLetter();
  const { items } = await plane.operator.listDeadLetters();
  const [ended, ...others] = items;
  if (ended === undefined) throw new Error("There are dead letters");
  await plane.operator.cancelTicket({ params: { ticket_id: ended.ticket_id }, body: { reason: "not needed" } });
  const all = await omoi("dead-letters", "redrive", "--all");
  expect(all.exit).toBe(1);
  const lines = all.out.trimEnd().split("\n");
  expect(lines.slice(0, 2)).toEqual(others.map(({ task_id }) => `${task_id} is tried again`));
  expect(lines.slice(2)).toEqual([expect.stringContaining(`${ended.id} stays: `), "2 redriven, 1 left as they are"]);
  const again = await omoi("dead-letters", "redrive", "--all", "--json");
  expect([again.exit, JSON.parse(again.out)]).toEqual([
    1,
    { redriven: [], refused: [{ id: ended.id, code: "ticket.closed", detail: expect.any(String) }] },
  ]);
});

test("those of another phase are let be", async () => {
  await makersOf(plane).deadLetter();
  const none = await omoi("dead-letters", "redrive", "--all", "--phase", "PHASE_DEPLOYMENT");
  expect(none).toMatchObject({ exit: 0, out: "0 redriven, 0 left as they are\n" });
});

test.each([["redrive"], ["redrive", "dead_00000000000000000000", "--all"]])(
  "it is said which: %s %s %s",
  async (...args) => {
    expect(await omoi("dead-letters", ...args)).toMatchObject({
      exit: 2,
      out: "",
      err: expect.stringContaining("--all"),
    });
  },
);
