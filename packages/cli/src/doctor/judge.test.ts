import { expect, test } from "vitest";
import { judgeClock, judgeNode, judgeQuota, judgeSecrets, judgeStack } from "./judge.ts";
import { functionsAtOnceNeeded, putEventsNeeded } from "./needs.ts";

test.each([
  ["18.20.4", "fault"],
  ["20.18.1", "fault"],
  ["20.19.0", "ok"],
  ["22.1.0", "ok"],
])("Node %s is judged %s", (version, verdict) => {
  expect(judgeNode(version).verdict).toBe(verdict);
});

test.each([
  [0, "ok", "0 s off"],
  [-29_000, "ok", "29 s off"],
  [45_000, "note", "this clock is 45 s ahead"],
  [-299_000, "note", "this clock is 299 s behind"],
  [300_000, "fault", "this clock is 300 s ahead, and AWS refuses what it signs"],
])("a clock that is %i ms ahead is judged %s", (skew_ms, verdict, found) => {
  expect(judgeClock(skew_ms)).toMatchObject({ verdict, found });
});

test.each([
  [undefined, "note"],
  ["CREATE_COMPLETE", "ok"],
  ["UPDATE_ROLLBACK_COMPLETE", "ok"],
  ["ROLLBACK_COMPLETE", "fault"],
  ["CREATE_FAILED", "fault"],
  ["DELETE_FAILED", "fault"],
  ["UPDATE_IN_PROGRESS", "fault"],
])("a bootstrap stack that is %s is judged %s", (status, verdict) => {
  expect(judgeStack("CDKToolkit", status).verdict).toBe(verdict);
});

test("a missing secret comes with the command that makes it", () => {
  expect(judgeSecrets("dev", [])).toMatchObject({ verdict: "ok" });
  expect(judgeSecrets("dev", ["token-keys", "slack"])).toMatchObject({
    verdict: "fault",
    remedy: "npm run stage -- secrets --stage dev; omoi secrets set slack --stage dev",
  });
});

test.each([
  [10, "fault"],
  [66, "ok"],
  [undefined, "note"],
])("a quota of %s where 66 are needed is judged %s", (has, verdict) => {
  expect(judgeQuota("functions at once", has, 66, "Ask for more.").verdict).toBe(verdict);
});

test("what a stage needs grows with the requests that it lets through, and with claims that wait", () => {
  const at = (rate_per_second: number, max_waiting_claims = 0) => ({ api: { rate_per_second }, max_waiting_claims });
  expect(functionsAtOnceNeeded(at(1000)) - functionsAtOnceNeeded(at(200))).toBe(80);
  expect(functionsAtOnceNeeded(at(200, 50)) - functionsAtOnceNeeded(at(200))).toBe(50);
  expect([putEventsNeeded(at(200)), putEventsNeeded(at(1000))]).toEqual([40, 200]);
});
