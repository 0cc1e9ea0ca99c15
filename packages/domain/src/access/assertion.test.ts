import { expect, it } from "vitest";
import { judgeLifetime } from "./assertion.ts";

const limits = { assertion_seconds: 300, clock_tolerance_seconds: 30 };
const NOW = 1_000_000;

it.each<{ rule: string; times: { exp: number; nbf?: number; iat?: number }; verdict: string }>([
  { rule: "two minutes are good", times: { exp: 120, iat: 0 }, verdict: "good" },
  { rule: "five minutes are the most", times: { exp: 300 }, verdict: "good" },
  { rule: "and a clock may be 30 s ahead", times: { exp: 330, iat: 30, nbf: 30 }, verdict: "good" },
  { rule: "and no more", times: { exp: 331 }, verdict: "too_long" },
  { rule: "a future start is not yet", times: { exp: 120, nbf: 31 }, verdict: "not_yet" },
  { rule: "so is a signature of the future", times: { exp: 120, iat: 31 }, verdict: "not_yet" },
  { rule: "a clock may be 30 s behind", times: { exp: -29 }, verdict: "good" },
  { rule: "and no more", times: { exp: -30 }, verdict: "expired" },
])("$rule", ({ times, verdict }) => {
  const claims = Object.fromEntries(Object.entries(times).map(([name, offset]) => [name, NOW / 1000 + offset]));
  expect(judgeLifetime({ exp: 0, ...claims }, limits, NOW)).toBe(verdict);
});
