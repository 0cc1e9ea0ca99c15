import { expect, it } from "vitest";
import { failed, reported } from "./game-day.ts";

const DEAD_WORKER = "config/gamedays/dead_worker.yaml";
const run = (...args: string[]) => reported(DEAD_WORKER, ...args);

it("a worker that dies is noticed, told of once, and replaced; one trace leads through it all", async () => {
  const report = await run();
  expect(failed(report)).toEqual([]);
  expect(report).toMatchObject({ pages: 2, false_pages: 0 });
  expect(report.detected_ms).toBeLessThanOrEqual(120_000);
  expect(report.repaired_ms).toBeGreaterThan(report.detected_ms ?? 0);
  const traced = report.timeline.filter(({ trace_id }) => trace_id !== null && trace_id === report.trace_id);
  expect(traced.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^agent.heartbeat.missed .* 3$/),
      "monitor.alert.triggered agent_unresponsive",
      "slack: firing agent_unresponsive",
      // By the third missed beat or by its alert, whichever the watchdog hears first; its task may be back in its lane by then.
      expect.stringMatching(
        /^watchdog.remediation.started (agent_unresponsive )?worker_restart (requeue_tasks|restart)$/,
      ),
      expect.stringMatching(/^watchdog.action.completed (agent_unresponsive )?worker_restart restart done$/),
      expect.stringMatching(/^watchdog.remediation.completed (agent_unresponsive )?worker_restart succeeded$/),
    ]),
  );
});

it("the same days without a fault page nobody", async () => {
  const report = await run("--without", "faults");
  expect(failed(report)).toEqual([]);
  expect(report).toMatchObject({ pages: 0, detected_ms: null, trace_id: null });
});

// A part that is switched off must be missed, or the expectations prove nothing.
it.each([
  ["deduplication", /^told: slack 1.*: slack [2-9]/],
  ["watchdog", /^worker_restart ends as succeeded.*: it did not begin/],
  ["rules", /^agent_unresponsive fires 1 time.*: it did not fire/],
])("it fails without %s", async (part, missed) => {
  const report = await run("--without", part);
  expect(failed(report)).toContainEqual(expect.stringMatching(missed));
});
