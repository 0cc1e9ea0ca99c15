import { describe, expect, it } from "vitest";
import { startProgress } from "./progress.ts";

describe("progress through a shard", () => {
  it("stands before the first record that is open, in whatever order they end", () => {
    const progress = startProgress();
    const [one, two, three] = ["1", "2", "3"].map((sequence) => progress.add(sequence, false));
    if (!one || !two || !three) throw new Error("three were added");
    progress.finish([three]);
    expect(progress.takeMoved()).toBeUndefined();
    progress.finish([one]);
    expect(progress.takeMoved()).toBe("1");
    expect(progress.waiting()).toBe(2);
    progress.finish([two]);
    expect(progress.takeMoved()).toBe("3");
    expect(progress.takeMoved()).toBeUndefined();
    expect(progress.waiting()).toBe(0);
  });

  it("passes over records that nobody wants", () => {
    const progress = startProgress();
    progress.add("1", true);
    const two = progress.add("2", false);
    progress.add("3", true);
    expect(progress.takeMoved()).toBe("1");
    progress.finish([two]);
    expect(progress.takeMoved()).toBe("3");
  });
});
