import { describe, expect, it } from "vitest";
import { serviceFailure } from "./failures.ts";

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

describe("serviceFailure", () => {
  it.each([
    ["a throttled request", named("ThrottlingException"), "busy"],
    ["a table without capacity", named("ProvisionedThroughputExceededException"), "busy"],
    ["a request that timed out", named("TimeoutError"), "silent"],
    ["a refused connection", named("Error", { code: "ECONNREFUSED" }), "silent"],
    ["a 503 of the SDK", named("SomethingNew", { $metadata: { httpStatusCode: 503 } }), "silent"],
    ["a 400 of the SDK", named("ValidationException", { $metadata: { httpStatusCode: 400 } }), undefined],
    ["what a library wrapped", new Error("wrapped", { cause: named("ThrottlingException") }), "busy"],
    ["a fault of our own", new TypeError("undefined is not a function"), undefined],
    ["what is no error", "ECONNREFUSED", undefined],
  ])("%s", (_what, error, expected) => {
    expect(serviceFailure(error)).toBe(expected);
  });

  it("ends on errors that cause each other", () => {
    const error = new Error("circle");
    error.cause = error;
    expect(serviceFailure(error)).toBeUndefined();
  });
});
