import { describe, expect, test } from "vitest";
import { limits, MINUTE, NOW, runningTask, SECOND } from "../../../../tests/harness/task-row.ts";
import type { TaskRow } from "./model.ts";
import { heard, repeatsItself, type Said } from "./progress.ts";

/** The task after these words, one a minute. */
const after = (words: readonly Said[], task = runningTask({ percent: 10, renewals: 2, stuck: true })): TaskRow =>
  words.reduce((row, said, n) => heard(row, said, NOW + (n + 1) * MINUTE, limits).next, task);
const a = { event_hash: "a".repeat(128) };
const [b, c, d, e] = ["b", "c", "d", "e"].map((event_hash) => ({ event_hash })) as [Said, Said, Said, Said];

describe("a word of the holder", () => {
  test.each<[string, Said[], { minute: number; repeats?: number; tokens?: number }]>([
    ["without a hash is progress", [{}, {}], { minute: 2 }],
    ["that names an act is progress", [a], { minute: 1 }],
    ["that names another one is progress", [a, b, c], { minute: 3 }],
    ["that goes back to the one before is a repeat", [a, b, a, b], { minute: 2, repeats: 2 }],
    ["that goes round among four is a repeat", [a, b, c, d, a, b, c, d, a], { minute: 4, repeats: 5 }],
    ["that goes round among more is progress", [a, b, c, d, e, a, b], { minute: 7 }],
    ["that names a new one between known ones is progress", [a, b, a, c, a], { minute: 4, repeats: 1 }],
    ["that names the same one is a repeat", [a, a, a], { minute: 1, repeats: 2 }],
    ["with a higher percent is progress", [a, a, { ...a, percent: 11 }], { minute: 3 }],
    ["with the percent that was is a repeat", [a, { ...a, percent: 10 }], { minute: 1, repeats: 1 }],
    ["with an artifact is progress", [a, a, { ...a, artifacts: [{}] }], { minute: 3 }],
    [
      "adds up tokens until something changes",
      [{ usage: { tokens: 5 } }, { usage: { tokens: 7 } }],
      { minute: 2, tokens: 12 },
    ],
    [
      "with a change begins to count anew",
      [a, { ...a, usage: { tokens: 5 } }, { ...b, usage: { tokens: 7 } }],
      { minute: 3 },
    ],
    [
      "counts a total once",
      [{ usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } }],
      { minute: 1, tokens: 7 },
    ],
    [
      "counts what is of tokens",
      [{ usage: { input_tokens: 3, output_tokens: 4, seconds: 9 } }],
      { minute: 1, tokens: 7 },
    ],
    ["counts nothing below nothing", [{ usage: { tokens: -5 } }], { minute: 1 }],
    ["counts no further than the row has room", [{ usage: { tokens: 1e300 } }], { minute: 1, tokens: 999_999_999 }],
  ])("%s", (_, words, { minute, repeats, tokens }) => {
    const row = after(words);
    expect([row.progressed_at, row.repeats, row.tokens]).toEqual([NOW + minute * MINUTE, repeats, tokens]);
    expect(row.lease_expires_at).toBe(NOW + words.length * MINUTE + limits.lease_seconds * SECOND);
  });

  test("that repeats leaves the task stuck, and is no event; progress ends both", () => {
    const looping = after([a, a], runningTask({ act: after([a]).act, renewals: 3, stuck: true }));
    expect(looping).toMatchObject({ renewals: 3, stuck: true, progressed_at: NOW });
    expect(heard(looping, a, NOW + 9 * MINUTE, limits).events).toEqual([]);
    const { next, events } = heard(looping, b, NOW + 9 * MINUTE, limits);
    expect([next.renewals, next.stuck, next.repeats, events]).toEqual([
      undefined,
      undefined,
      undefined,
      [{ type: "task.progressed" }],
    ]);
  });
});

test("a task repeats itself once nothing else came for as long as a lease lasts", () => {
  const row = after([a, a]);
  const progressed = NOW + MINUTE;
  expect(repeatsItself(row, progressed + limits.lease_seconds * SECOND - 1, limits)).toBe(false);
  expect(repeatsItself(row, progressed + limits.lease_seconds * SECOND, limits)).toBe(true);
  expect(repeatsItself(after([a]), NOW + 60 * MINUTE, limits)).toBe(false);
});

test.each<[string, Said, Partial<TaskRow>, boolean]>([
  ["in a window that had a word", {}, {}, false],
  ["in a new window", {}, { progressed_at: NOW - MINUTE }, true],
  ["first of its attempt, without a note", {}, { started_at: NOW }, false],
  ["first of its attempt, with a note", { note: "x" }, { started_at: NOW }, true],
  ["first of its attempt, with an empty note", { note: "  " }, { started_at: NOW }, false],
  ["with a note, in a window that had a word", { note: "x" }, {}, false],
])("a word %s is told in an event: %#", (_, said, given, told) => {
  const task = runningTask({ started_at: NOW - MINUTE, ...given });
  expect(heard(task, said, NOW + SECOND, limits).events).toHaveLength(told ? 1 : 0);
});
