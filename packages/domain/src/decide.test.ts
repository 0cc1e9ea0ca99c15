import { Problem } from "@omoios/kernel/problem";
import { describe, expect, test } from "vitest";
import { DECIDE_TRIES, Stale } from "./commit.ts";
import { untilSettled } from "./decide.ts";

/** Work that finds the row changed so many times, and counts how often it loaded. */
const busy = (times: number) => {
  const work = async () => {
    work.tries++;
    if (work.tries <= times) throw new Stale("task");
    return work.tries;
  };
  work.tries = 0;
  return work;
};

describe("load, decide, commit", () => {
  test.each([0, 1, DECIDE_TRIES - 1])("goes through after %i that were stale, each try a new one", async (times) => {
    expect(await untilSettled(busy(times))).toBe(times + 1);
  });

  test("gives up when the rows do not come to rest, and says when to come back", async () => {
    const work = busy(Number.POSITIVE_INFINITY);
    const refusal = await untilSettled(work).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: "conflict.busy", extra: { retry_after_ms: 200 }, cause: { row: "task" } });
    expect(work.tries).toBe(DECIDE_TRIES);
  });

  test("lets every other fault through at once", async () => {
    let tries = 0;
    const broken = async () => {
      tries++;
      throw new Error("throttled");
    };
    await expect(untilSettled(broken)).rejects.toThrow("throttled");
    expect(tries).toBe(1);
  });
});
