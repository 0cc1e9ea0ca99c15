import { expect, test } from "vitest";
import { once, onceResolved } from "./once.ts";

test("makes a value when it is first asked for, and once", () => {
  let made = 0;
  const value = once(() => {
    made += 1;
    return made === 1 ? undefined : made;
  });
  expect(made).toBe(0);
  expect([value(), value()]).toEqual([undefined, undefined]);
  expect(made).toBe(1);
});

test("a failure is not kept", () => {
  let tries = 0;
  const value = once(() => {
    tries += 1;
    if (tries === 1) throw new Error("not yet");
    return tries;
  });
  expect(value).toThrow("not yet");
  expect([value(), value()]).toEqual([2, 2]);
});

test("a promise is shared, and made anew after a failure", async () => {
  let tries = 0;
  const value = onceResolved(async () => {
    tries += 1;
    if (tries === 1) throw new Error("not yet");
    return tries;
  });
  await expect(Promise.all([value(), value()])).rejects.toThrow("not yet");
  expect(await Promise.all([value(), value()])).toEqual([2, 2]);
});
