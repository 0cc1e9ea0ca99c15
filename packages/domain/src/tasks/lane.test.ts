import { describe, expect, test } from "vitest";
import { classOf, laneOf, missingFor, shardOf } from "./lane.ts";

const A = "PHASE_A";
const B = "PHASE_B";

describe("a lane is a phase and a set of capabilities", () => {
  test.each<[string, string[], string[]]>([
    ["in any order", ["go", "sql"], ["sql", "go"]],
    ["each once", ["go", "go", "sql"], ["go", "sql"]],
  ])("%s", (_, one, other) => {
    expect(laneOf(A, one)).toBe(laneOf(A, other));
  });

  test("everything else makes another lane, and no class has a lane's name", () => {
    const all = [
      laneOf(A, []),
      laneOf(B, []),
      laneOf(A, ["go"]),
      laneOf(A, ["sql"]),
      laneOf(A, ["go", "sql"]),
      // Words are not glued together: two are not one.
      laneOf(A, ["gosql"]),
      laneOf(A, ["go,sql"]),
      classOf([A], []),
      classOf([A], ["go"]),
      classOf([A, B], ["go"]),
      // A word does not change sides.
      classOf([A, "go"], []),
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const name of all) expect(name).toMatch(/^[0-9a-f]{16}$/);
  });

  test("a class is the same in any order", () => {
    expect(classOf([A, B, A], ["go", "sql"])).toBe(classOf([B, A], ["sql", "go", "go"]));
  });

  test("a shard is named within its lane", () => {
    expect(shardOf("0123456789abcdef", 63)).toBe("0123456789abcdef#63");
  });
});

describe("required ⊆ offered, and the phase is one of the agent's", () => {
  test.each<[string, string[], string[], string[], string[]]>([
    ["no demands are met by everybody", [], [A], [], []],
    ["the very same", ["go"], [A], ["go"], []],
    ["more is offered than asked", ["go"], [B, A], ["sql", "go"], []],
    ["one is missing", ["go", "sql"], [A], ["go"], ["sql"]],
    ["all are missing", ["go", "sql"], [A], [], ["go", "sql"]],
    ["the phase is missing", [], [B], ["go"], [A]],
    ["phase and capability are missing", ["go"], [], ["golang"], [A, "go"]],
  ])("%s", (_, capabilities, phase_ids, offered, missing) => {
    expect(missingFor({ phase_id: A, capabilities }, { phase_ids, capabilities: offered })).toEqual(missing);
  });
});
