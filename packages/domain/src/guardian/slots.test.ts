import { describe, expect, it } from "vitest";
import type { SlotRow } from "./model.ts";
import { takeSlot } from "./slots.ts";

const NOW = 1_000_000;
const slot = (n: number, free_at: number): SlotRow => ({ version: 3, n, free_at });
const take = (known: SlotRow[], most = 2, random = 0) => takeSlot(known, most, { now: NOW, random: () => random });

describe("a slot of the minute", () => {
  it.each<[string, SlotRow[], number, number, boolean]>([
    ["that nobody has taken yet", [], 0, 0, false],
    ["that nobody has taken yet, by chance another", [], 0.99, 1, false],
    ["whose minute is just over", [slot(0, NOW), slot(1, NOW + 1)], 0, 0, true],
    ["beside one that is taken", [slot(0, NOW + 1)], 0, 1, false],
  ])("is taken %s", (_what, known, random, n, is_there) => {
    const outcome = take(known, 2, random);
    if (!outcome.accepted) throw outcome.problem;
    const { before, after } = outcome.value;
    expect(after).toMatchObject({ n, free_at: NOW + 60_000 });
    expect(before !== undefined).toBe(is_there);
  });

  it("is refused where all are taken, with the time until the first is free", () => {
    const outcome = take([slot(0, NOW + 700), slot(1, NOW + 300)]);
    expect(outcome).toMatchObject({
      accepted: false,
      problem: { code: "guardian.action_limit", extra: { retry_after_ms: 300 } },
    });
  });

  it("counts no slot beyond a limit that was lowered", () => {
    expect(take([slot(0, NOW + 700), slot(1, NOW - 1)], 1).accepted).toBe(false);
  });
});
