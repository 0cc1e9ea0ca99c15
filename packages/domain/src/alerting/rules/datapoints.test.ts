import { describe, expect, it } from "vitest";
import { judgePoints, withPoint } from "./datapoints.ts";

const [X, O, KEEP] = ["breach", "good", "unknown"] as const;

/** The examples that CloudWatch's manual gives: with `keep` (ignore), `alert` (breaching), `ok` (notBreaching). */
describe("3 of 3, over five minutes", () => {
  it.each([
    ["0-x-x", O, O, O],
    ["0----", O, O, O],
    ["-----", KEEP, X, O],
    ["0xx-x", X, X, X],
    ["----x", KEEP, X, O],
    ["x----", KEEP, X, O],
    ["--x--", KEEP, X, O],
  ] as const)("%s", (points, keep, alert, ok) => {
    const judged = (["keep", "alert", "ok"] as const).map((no_data) =>
      judgePoints(points, { breaching: 3, of: 3 }, no_data),
    );
    expect(judged).toEqual([keep, alert, ok]);
  });
});

describe("2 of 3, over five minutes", () => {
  it.each([
    ["0-x-x", X, X, X],
    ["00x0x", X, X, X],
    ["0-x--", O, X, O],
    ["----0", O, X, O],
    ["----x", KEEP, X, O],
    // Enough real points: what is missing does not matter.
    ["x00-0", O, O, O],
  ] as const)("%s", (points, keep, alert, ok) => {
    const judged = (["keep", "alert", "ok"] as const).map((no_data) =>
      judgePoints(points, { breaching: 2, of: 3 }, no_data),
    );
    expect(judged).toEqual([keep, alert, ok]);
  });
});

it("does not miss minutes from before the first evaluation", () => {
  expect(judgePoints("x", { breaching: 3, of: 5 }, "alert")).toBe(O);
  expect(judgePoints("--", { breaching: 3, of: 5 }, "alert")).toBe(O);
  expect(judgePoints("---", { breaching: 3, of: 5 }, "alert")).toBe(X);
});

it("remembers N + 2 minutes", () => {
  expect([..."x0-x0x"].reduce((points, point) => withPoint(points, point as "x" | "0" | "-", 3), "")).toBe("0-x0x");
});
