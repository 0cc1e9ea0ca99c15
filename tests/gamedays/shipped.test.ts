import { expect, it } from "vitest";
import { failed, reported } from "./game-day.ts";

it.each(["mass_silence", "receiver_down", "alert_storm", "queue_flood"])(
  "%s passes, and pages nobody in vain",
  async (name) => {
    const report = await reported(`config/gamedays/${name}.yaml`);
    expect(failed(report)).toEqual([]);
    expect(report.false_pages).toBe(0);
  },
);
