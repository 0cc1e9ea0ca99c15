import { expect, it } from "vitest";
import { differenceOf } from "./difference.ts";

const told = (then: Record<string, string | boolean | null>, now: Record<string, string | boolean | null>) =>
  differenceOf(then, now).map((one) => [one.field, one.then, one.now]);

it("names what is not any more as it was, and nothing that it was never asked for", () => {
  expect(told({ status: "IDLE", probe: true }, { status: "IDLE", probe: true, why: "new" })).toEqual([]);
  expect(told({ status: "IDLE", probe: true, why: null }, { status: "FAILED" })).toEqual([
    ["probe", true, null],
    ["status", "IDLE", "FAILED"],
  ]);
});
