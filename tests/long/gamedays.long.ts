import { describe, expect, it } from "vitest";
import { failed, reported } from "../gamedays/game-day.ts";

/** Without `dead_worker`, which the test command runs. */
const SHIPPED = ["mass_silence", "receiver_down", "alert_storm", "queue_flood"];
/** A storm comes from elsewhere. */
const RULED = SHIPPED.filter((name) => name !== "alert_storm");
/** Those in which the watchdog has something to do. */
const REPAIRED = ["receiver_down", "queue_flood"];

describe.each(SHIPPED)("%s", (name) => {
  const run = (...args: string[]) => reported(`config/gamedays/${name}.yaml`, ...args);

  it("pages nobody without its faults", async () => {
    expect(failed(await run("--without", "faults"))).toEqual([]);
  });

  it.each([
    "deduplication",
    ...(RULED.includes(name) ? ["rules"] : []),
    ...(REPAIRED.includes(name) ? ["watchdog"] : []),
  ])("fails without %s", async (part) => {
    expect(failed(await run("--without", part))).not.toEqual([]);
  });
});
