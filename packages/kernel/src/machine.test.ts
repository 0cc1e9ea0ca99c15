import { expect, test } from "vitest";
import { machine } from "./machine.ts";

const door = machine<"open" | "shut" | "walled">({ open: ["shut"], shut: ["open", "walled"], walled: [] });

test.each([
  ["open", "shut", true],
  ["shut", "open", true],
  ["shut", "walled", true],
  ["open", "walled", false],
  ["walled", "open", false],
  // Staying is no transition unless the table says so.
  ["open", "open", false],
] as const)("from %s to %s: %s", (from, to, allowed) => {
  expect(door.can(from, to)).toBe(allowed);
});

test("a state without a way out is terminal", () => {
  expect((["open", "shut", "walled"] as const).filter(door.isTerminal)).toEqual(["walled"]);
});
