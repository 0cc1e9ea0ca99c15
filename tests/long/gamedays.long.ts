import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failed, gameday, reported, reportsIn } from "../gamedays/game-day.ts";

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
    ...(RULED.includes(name) ? ["rules"] : []),
    ...(REPAIRED.includes(name) ? ["watchdog"] : []),
    ...(name === "queue_flood" ? ["detector"] : []),
  ])("fails without %s", async (part) => {
    expect(failed(await run("--without", part))).not.toEqual([]);
  });

  it("fails without deduplication, as somebody is told more often", async () => {
    const wrong = (await run("--without", "deduplication")).findings.filter(({ holds }) => !holds);
    expect(wrong).not.toEqual([]);
    for (const { expected, seen } of wrong) {
      expect(expected).toMatch(/^told: /);
      const wanted = counts(expected);
      expect([...counts(seen)].some(([receiver, count]) => count > (wanted.get(receiver) ?? 0))).toBe(true);
    }
  });
});

/** How often each was told, in the words of a finding. */
const counts = (text: string): Map<string, number> =>
  new Map(Array.from(text.matchAll(/(\w+) (\d+)\b/g), ([, name = "", count]) => [name, Number(count)]));

it.each(["dead_worker", ...SHIPPED])("%s passes by other seeds too, and pages nobody in vain", async (name) => {
  const text = readFileSync(`config/gamedays/${name}.yaml`, "utf8");
  const dir = mkdtempSync(join(tmpdir(), "omoi-gamedays-"));
  try {
    const files = Array.from({ length: 8 }, (_, n) => join(dir, `${n + 1}.yaml`));
    for (const [n, file] of files.entries()) writeFileSync(file, `seed: ${n + 1}\n${text}`);
    const reports = reportsIn(await gameday("run", ...files, "--json"));
    expect(reports.map((report) => [...failed(report), report.false_pages])).toEqual(files.map(() => [0]));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

const HARD_TIMES = `
title: An agent dies while the table is throttled, events get lost and come twice, and the sweep stands still
timeline:
  - { at: 0s, do: start_agents, count: 3 }
  - { at: 60s, do: throttle_table, share: 0.2, for: 3m }
  - { at: 60s, do: drop_events, share: 0.3, for: 3m }
  - { at: 60s, do: double_events, share: 0.5, for: 3m }
  - { at: 65s, do: kill_agent, which: 1 }
  - { at: 80s, do: pause_sweep, for: 2m }
expect:
  - { alert: sweep_late, within: 5m, times: 1 }
  - { task: reassigned, within: 10m }
  - { probe: agents.failed, is: 0 }
  - { probe: alerts.firing, is: 0 }
until: 12m
`;
const NO_HEARTBEATS = `
title: No heartbeat arrives for a while
timeline:
  - { at: 0s, do: start_agents, count: 6 }
  - { at: 60s, do: drop_heartbeats, for: 2m }
expect:
  - { alert: monitor_mass_silence, within: 60s, times: 1 }
  - { probe: agents.active, is: 6 }
until: 5m
`;

it.each([HARD_TIMES, NO_HEARTBEATS])("several faults at once: %s", async (text) => {
  const dir = mkdtempSync(join(tmpdir(), "omoi-gamedays-"));
  try {
    const file = join(dir, "day.yaml");
    writeFileSync(file, text);
    expect(failed(await reported(file))).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
