import { expect, test } from "vitest";
import { ApiProblem, Unreachable } from "./api-problem.ts";
import { defaultRetry, retryDelayMs } from "./retry.ts";

const middle = () => 0.5;
const refused = (status: number, code?: string, headers: Record<string, string> = {}) =>
  new ApiProblem(status, code === undefined ? {} : { code }, new Headers(headers));
const lost = new Unreachable("http://127.0.0.1:1", new Error("fetch failed"));

test.each([
  ["no answer", lost],
  ["a catalogued problem that passes", refused(409, "conflict.busy")],
  ["too many requests from something in between", refused(429)],
  ["a gateway without its backend", refused(502)],
])("%s is tried again after the back-off", (_, failure) => {
  expect(retryDelayMs(failure, 1, defaultRetry, middle)).toBe(200);
  expect(retryDelayMs(failure, 3, defaultRetry, middle)).toBe(800);
});

test.each([
  ["a lost lease", refused(409, "task.lease_lost")],
  ["bad input", refused(422, "request.invalid")],
  ["a plain 404", refused(404)],
  ["our own bug", new TypeError("params.task_id is missing")],
])("%s is not tried again", (_, failure) => {
  expect(retryDelayMs(failure, 1, defaultRetry, middle)).toBeUndefined();
});

test("Retry-After goes before the back-off, unless it asks for more patience than the policy has", () => {
  expect(retryDelayMs(refused(429, undefined, { "retry-after": "2" }), 1, defaultRetry, middle)).toBe(2_000);
  expect(retryDelayMs(refused(429, undefined, { "retry-after": "3600" }), 1, defaultRetry, middle)).toBeUndefined();
});

test("Retry-After may be a date, counted from the answer's own", () => {
  const headers = { date: "Sat, 21 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 10:00:05 GMT" };
  expect(retryDelayMs(refused(503, undefined, headers), 1, defaultRetry, middle)).toBe(5_000);
});

test("the last try is the last", () => {
  expect(retryDelayMs(lost, defaultRetry.tries, defaultRetry, middle)).toBeUndefined();
});
