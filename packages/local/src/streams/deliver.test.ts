import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { type Delivery, deliver } from "./deliver.ts";

const CREATED_SECONDS = 1_000;

const record = (sequence: string): DynamoDBRecord => ({
  dynamodb: { SequenceNumber: sequence, ApproximateCreationDateTime: CREATED_SECONDS },
});

interface Trace {
  /** The sequence numbers of each invocation. */
  calls: string[];
  parked: string[];
  pauses: number[];
}

/** Delivers the records named by letters to a handler that answers by what it was given. */
async function trace(
  letters: string,
  answer: (given: string) => unknown,
  over: Partial<Delivery> = {},
): Promise<Trace> {
  const seen: Trace = { calls: [], parked: [], pauses: [] };
  const named = (records: readonly DynamoDBRecord[]) => records.map((each) => each.dynamodb?.SequenceNumber).join("");
  await deliver(Array.from(letters, record), {
    invoke: async (records) => {
      seen.calls.push(named(records));
      return answer(named(records));
    },
    park: async (records, why, invocations) => {
      seen.parked.push(`${named(records)} ${why} ${invocations}`);
    },
    pause: async (tries) => {
      seen.pauses.push(tries);
    },
    reportError: () => undefined,
    now: () => CREATED_SECONDS * 1000,
    retries: 2,
    max_age_ms: 60_000,
    ...over,
  });
  return seen;
}

const failing = (...letters: string[]) => ({
  batchItemFailures: letters.map((itemIdentifier) => ({ itemIdentifier })),
});
const throwing = () => {
  throw new Error("no");
};

describe("delivery of a batch", () => {
  it.each([undefined, null, {}, failing(), { batchItemFailures: null }])("takes %j for success", async (answer) => {
    expect((await trace("abc", () => answer)).calls).toEqual(["abc"]);
  });

  it("tries again from the first record that failed", async () => {
    const { calls, parked } = await trace("abcd", (given) => (given === "abcd" ? failing("d", "c") : failing()));
    expect(calls).toEqual(["abcd", "cd"]);
    expect(parked).toEqual([]);
  });

  it.each([
    ["a throw", throwing],
    ["an unknown identifier", () => failing("z")],
    ["an empty identifier", () => failing("")],
  ])("splits a batch in two at %s, and keeps the order", async (_, fail) => {
    const { calls } = await trace("abcd", (given) => (given.length > 1 ? fail() : undefined));
    expect(calls).toEqual(["abcd", "ab", "a", "b", "cd", "c", "d"]);
  });

  it("parks one poisonous record after its tries, and goes on behind it", async () => {
    const { calls, parked, pauses } = await trace("abcd", (given) => (given.includes("b") ? failing("b") : undefined));
    expect(calls).toEqual(["abcd", "bcd", "bc", "b", "b", "b", "c", "d"]);
    expect(parked).toEqual(["b RetryAttemptsExhausted 3"]);
    expect(pauses).toEqual([0, 1]);
  });

  it("gives a record up for its age, but only after one try", async () => {
    const late = { now: () => CREATED_SECONDS * 1000 + 60_001 };
    expect((await trace("a", () => undefined, late)).parked).toEqual([]);
    const { calls, parked } = await trace("a", throwing, late);
    expect(calls).toEqual(["a"]);
    expect(parked).toEqual(["a RecordAgeExceeded 1"]);
  });

  it("leaves the rest undone when the plane stops", async () => {
    const stop = { pause: () => Promise.reject(new Error("stopped")) };
    await expect(trace("a", throwing, stop)).rejects.toThrow("stopped");
  });
});
