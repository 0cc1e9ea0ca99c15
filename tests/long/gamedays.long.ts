import { describe, expect, it } from "vitest";
import { failed, reported } from "../gamedays/game-day.ts";

const SHIPPED = ["dead_worker", "mass_silence", "receiver_down", "alert_storm", "queue_flood"];
/** Those in which the watchdog has something to do. */
const REPAIRED = ["dead_worker", "receiver_down", "queue_flood"];

describe.each(SHIPPED)("%s", (name) => {
  const run = (...args: string[]) => reported(`config/gamedays/${name}.yaml`, ...args);

  it("passes", async () => {
    const report = await run();
    expect(failed(report)).toEqual([]);
    expect(report.false_pages).toBe(0);
  });

  it("pages nobody without its faults", async () => {
    expect(failed(await run("--without", "faults"))).toEqual([]);
  });

  it.each(["deduplication", "rules", ...(REPAIRED.includes(name) ? ["watchdog"] : [])])(
    "fails without %s",
    async (part) => {
      expect(failed(await run("--without", part))).not.toEqual([]);
    },
  );
});
