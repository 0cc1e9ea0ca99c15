import { expect, test } from "vitest";
import { didYouMean, nearest } from "./suggest.ts";

test.each([
  ["allowed_transition", ["allowed_transitions", "task_templates"], "allowed_transitions"],
  ["Order", ["order", "id"], "order"],
  ["gaet", ["gate", "skippable"], "gate"],
  ["PHASE_DESING", ["PHASE_DONE", "PHASE_DESIGN"], "PHASE_DESIGN"],
  ["colour", ["terminal", "gate"], undefined],
  ["a", ["b", "c"], "b"],
  ["x", [], undefined],
  ["warn", ["warning", "error"], "warning"],
  ["task", ["tasks.ready.age", "tasks.failed"], undefined],
])("the name nearest to %s", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test("a suggestion is a sentence to end a message with, or nothing", () => {
  expect(didYouMean("gaet", ["gate"])).toBe(" Did you mean `gate`?");
  expect(didYouMean("gaet", ["terminal"])).toBe("");
});
