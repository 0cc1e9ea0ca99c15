import { jsonBytes } from "@omoios/contracts/shapes/size";
import { expect, test } from "vitest";
import { cutHandoff } from "./handoff.ts";

const handoff = { done: ["built"], remaining: ["docs", "tests"], files: ["a.ts"], failed_approaches: ["regex"] };

test.each([
  [1_000, handoff],
  // What remains goes before what was tried, and that before what is done.
  [35, { remaining: ["docs", "tests"] }],
  [60, { remaining: ["docs", "tests"], failed_approaches: ["regex"] }],
  [24, { remaining: ["docs"] }],
  [10, undefined],
])("within %i bytes", (most, expected) => {
  const cut = cutHandoff(handoff, most);
  expect(cut).toEqual(expected);
  if (cut) expect(jsonBytes(cut)).toBeLessThanOrEqual(most);
});
