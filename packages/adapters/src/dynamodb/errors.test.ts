import { describe, expect, test } from "vitest";
import { type Refusal, refusalOf } from "./errors.ts";

const named = (name: string) => Object.assign(new Error("refused"), { name });
const cancelled = (...codes: (string | undefined)[]) =>
  Object.assign(named("TransactionCanceledException"), { CancellationReasons: codes.map((Code) => ({ Code })) });

describe("what a refusal means to a writer", () => {
  test.each<[Error, Refusal]>([
    [named("ConditionalCheckFailedException"), "condition"],
    [named("TransactionConflictException"), "conflict"],
    [named("TransactionInProgressException"), "conflict"],
    [named("ProvisionedThroughputExceededException"), "throttled"],
    [named("ThrottlingException"), "throttled"],
    [named("RequestLimitExceeded"), "throttled"],
    [named("ValidationException"), "other"],
    [named("TimeoutError"), "other"],
    [new TypeError("fetch failed"), "other"],
  ])("%s", (error, refusal) => {
    expect(refusalOf(error)).toBe(refusal);
  });

  test.each<[string, Error, Refusal]>([
    ["a failed condition", cancelled("None", "ConditionalCheckFailed"), "condition"],
    ["a conflict", cancelled("TransactionConflict", "None"), "conflict"],
    ["throttling", cancelled("None", "ThrottlingError"), "throttled"],
    ["too many units", cancelled("ProvisionedThroughputExceeded"), "throttled"],
    // Trying again could not help against a failed condition, whatever else was in the way.
    ["condition and conflict", cancelled("TransactionConflict", "ConditionalCheckFailed"), "condition"],
    ["conflict and throttling", cancelled("ThrottlingError", "TransactionConflict"), "conflict"],
    ["a fault of our own", cancelled("ValidationError", undefined), "other"],
    ["no reasons", named("TransactionCanceledException"), "other"],
  ])("a transaction cancelled by %s", (_, error, refusal) => {
    expect(refusalOf(error)).toBe(refusal);
  });
});
