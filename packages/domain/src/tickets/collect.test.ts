import { expect, test } from "vitest";
import { type Collected, collectOutput, distinct } from "./collect.ts";

test.each<[unknown, Partial<Collected>]>([
  [undefined, {}],
  [null, {}],
  ["", {}],
  ["  done  ", { summaries: ["done"] }],
  [42, { summaries: ["42"] }],
  [["a", 1], { summaries: ['["a",1]'] }],
  [
    { summary: "s", decisions: ["d1", "d2"], risks: ["r"], notes: ["n"] },
    { summaries: ["s"], decisions: ["d1", "d2"], risks: ["r"], notes: ["n"] },
  ],
  // A single text where a list is meant, and entries that are no texts.
  [
    { decisions: "d", risks: [{ what: "x" }, null, " "] },
    { decisions: ["d"], risks: ['{"what":"x"}'] },
  ],
  // What has no place of its own becomes a note.
  [
    { summary: "s", coverage: 81.5, files: ["a"] },
    { summaries: ["s"], notes: ["coverage: 81.5", 'files: ["a"]'] },
  ],
])("%j", (output, expected) => {
  expect(collectOutput(output)).toEqual({ summaries: [], decisions: [], risks: [], notes: [], ...expected });
});

test("what says the same is kept once, where it stood first", () => {
  expect(distinct(["b", "a  b", "a", "a\nb ", "b"])).toEqual(["b", "a  b", "a"]);
});
