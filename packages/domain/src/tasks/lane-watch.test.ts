import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { laneWatch } from "./lane-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits, and writes down who was woken in which order. */
function waiting(watch: ReturnType<typeof laneWatch>) {
  const woken: string[] = [];
  const join = (name: string, lanes: string[], ms = 1_000) => {
    void watch.wait(new Set(lanes), ms).then(() => woken.push(name));
  };
  const after = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return woken.splice(0).join("");
  };
  return { join, after };
}

describe("a ready task", () => {
  test("wakes as many of those who wait for its lane as it is told, the longest waiting first", async () => {
    const watch = laneWatch(10);
    const { join, after } = waiting(watch);
    for (const name of ["a", "b", "c"]) join(name, ["lane"]);
    watch.notify("lane", 2);
    expect(await after(0)).toBe("ab");
    watch.notify("lane");
    expect(await after(0)).toBe("c");
  });

  test("leaves those asleep who cannot take it, and finds one who waits for several lanes", async () => {
    const watch = laneWatch(10);
    const { join, after } = waiting(watch);
    join("a", ["other"]);
    join("b", ["other", "lane"]);
    watch.notify("lane");
    expect(await after(999)).toBe("b");
    // Who was not woken looks by itself when its time is over.
    expect(await after(1)).toBe("a");
  });

  test("before anybody waits is forgotten: a signal is a hint", async () => {
    const watch = laneWatch(10);
    const { join, after } = waiting(watch);
    watch.notify("lane");
    join("a", ["lane"], 50);
    expect(await after(49)).toBe("");
    expect(await after(1)).toBe("a");
  });

  test("is not spent on one whose time is over, or who was woken already", async () => {
    const watch = laneWatch(10);
    const { join, after } = waiting(watch);
    join("a", ["lane"], 10);
    expect(await after(10)).toBe("a");
    for (const name of ["b", "c", "d", "e"]) join(name, ["lane"]);
    watch.notify("lane", 2);
    watch.notify("lane", 2);
    expect(await after(0)).toBe("bcde");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("places", () => {
  test("are as many as given; one that is given back is free again", () => {
    const watch = laneWatch(2);
    const [first, second] = [watch.enter(), watch.enter()];
    expect([first, second].every((leave) => leave !== undefined)).toBe(true);
    expect(watch.enter()).toBeUndefined();
    first?.();
    expect(watch.enter()).toEqual(expect.any(Function));
    expect(watch.enter()).toBeUndefined();
  });

  test("none: nobody waits", () => {
    expect(laneWatch(0).enter()).toBeUndefined();
  });
});
