import { describe, expect, it } from "vitest";
import { laterAt, openSlots, type ReceiverLoad } from "./receiver-slots.ts";

const NOW = 1_000_000;
const held = (n: number, age_ms: number, left_ms = 10_000) => ({ n, since: NOW - age_ms, until: NOW + left_ms });

interface Case extends ReceiverLoad {
  what: string;
  open: number[];
  soon: boolean;
}

describe("a receiver's slots", () => {
  it.each<Case>([
    { what: "nothing is under way", slots: [], failures: 0, open: [0, 1], soon: false },
    { what: "one try is under way", slots: [held(0, 100)], failures: 0, open: [1], soon: true },
    { what: "as many as it gets", slots: [held(0, 100), held(1, 5_000)], failures: 0, open: [], soon: true },
    { what: "all of them hang", slots: [held(0, 1_000), held(1, 5_000)], failures: 0, open: [], soon: false },
    {
      what: "a process died with one",
      slots: [held(0, 40_000, 0), held(1, 5_000)],
      failures: 0,
      open: [0],
      soon: false,
    },
    { what: "it failed twice", slots: [held(1, 100)], failures: 2, open: [0], soon: false },
    { what: "it fails", slots: [], failures: 3, open: [0], soon: false },
    { what: "it fails, and rests", slots: [], failures: 3, failed_at: NOW - 4_999, open: [], soon: false },
    { what: "it fails, and has rested", slots: [], failures: 3, failed_at: NOW - 5_000, open: [0], soon: false },
    { what: "it fails for long, and rests", slots: [], failures: 99, failed_at: NOW - 59_999, open: [], soon: false },
    {
      what: "it fails for long, and has rested",
      slots: [],
      failures: 99,
      failed_at: NOW - 60_000,
      open: [0],
      soon: false,
    },
    { what: "it failed twice just now", slots: [], failures: 2, failed_at: NOW, open: [0, 1], soon: false },
    { what: "it fails, and is tried", slots: [held(1, 100)], failures: 9, open: [], soon: false },
  ])("are $open where $what", ({ slots, failures, failed_at, open, soon }: Case) => {
    expect(openSlots({ slots, failures, failed_at }, NOW)).toEqual({ open, soon });
  });

  it.each([
    ["at once", 0, 1_000],
    ["after a while", 20_000, 10_000],
    ["after an hour", 3_600_000, 30_000],
  ])("come up again later the longer it waits: %s", (_, waited, pause) => {
    expect(laterAt(NOW - waited, NOW, () => 0)).toBe(NOW + pause);
    expect(laterAt(NOW - waited, NOW, () => 0.5)).toBe(NOW + 1.5 * pause);
  });
});
