import { expect, test } from "vitest";
import { onlyWithin } from "./only-within.ts";

const node = (id: number, functionName: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, scriptId: "1", url: "", lineNumber: 0, columnNumber: 0 },
  hitCount: 9,
  children,
});
const profile = {
  nodes: [node(1, "(root)", [2, 3]), node(2, "verb"), node(3, "other")],
  startTime: 1_000,
  endTime: 1_060,
  samples: [2, 3, 2, 3, 2],
  // At 1010, 1020, 1030, 1040 and 1050.
  timeDeltas: [10, 10, 10, 10, 10],
};

test("what was sampled outside of the stretches is idle", () => {
  const cut = onlyWithin(profile, [
    { from: 1_010, until: 1_020 },
    { from: 1_050, until: 1_060 },
  ]);
  expect(cut.samples).toEqual([2, 3, 4, 4, 2]);
  expect(cut.nodes.map(({ id, callFrame, hitCount }) => [id, callFrame.functionName, hitCount])).toEqual([
    [1, "(root)", 0],
    [2, "verb", 2],
    [3, "other", 1],
    [4, "(idle)", 2],
  ]);
  expect(cut.nodes[0]?.children).toEqual([2, 3, 4]);
  expect(cut).toMatchObject({ startTime: 1_000, endTime: 1_060, timeDeltas: profile.timeDeltas });
});

test("an idle node that is there already is taken", () => {
  const idling = { ...profile, nodes: [...profile.nodes, node(7, "(idle)")] };
  expect(onlyWithin(idling, []).samples).toEqual([7, 7, 7, 7, 7]);
  expect(onlyWithin(idling, []).nodes).toHaveLength(4);
});
