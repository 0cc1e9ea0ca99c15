import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { failed, gameday, reportIn } from "../gamedays/game-day.ts";
import { freePort, startProcessPlane } from "../harness/process-plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

const dir = mkdtempSync(join(tmpdir(), "omoi-gamedays-on-stage-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs a shipped game day in real time, on a plane that `npm start` brings up for it. */
async function onStage(name: string, variables: Record<string, string> = {}) {
  const file = `config/gamedays/${name}.yaml`;
  const config = mkdtempSync(join(dir, "stage-"));
  rmSync(config, { recursive: true });
  const prepared = await gameday("prepare", file, "--out", config, "--port", String(await freePort()));
  expect(prepared.exit).toBe(0);
  const plane = await startProcessPlane(variables, config);
  try {
    const key = { url: plane.url, api_key: plane.operator_key };
    return reportIn(await runOmoi(["gameday", "run", file, "--url", plane.url, "--config", config, "--json"], key));
  } finally {
    await plane.remove();
  }
}

/** The longest shipped one takes 14 minutes. */
const IN_REAL_TIME = { timeout: 20 * 60_000 };

it.each(["dead_worker", "receiver_down", "queue_flood"])("%s passes in real time", IN_REAL_TIME, async (name) => {
  const report = await onStage(name);
  expect(failed(report)).toEqual([]);
  expect(report.false_pages).toBe(0);
});

it("a dead worker whose replacement nobody asks for fails the run", IN_REAL_TIME, async () => {
  const report = await onStage("dead_worker", { OMOI_WATCHDOG__WORKER_RESTART__ENABLED: "false" });
  expect(failed(report)).toContainEqual(expect.stringMatching(/^worker_restart ends as succeeded.*: it did not begin/));
});
