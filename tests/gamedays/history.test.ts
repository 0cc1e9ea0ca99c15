import { afterAll, beforeAll, expect, it } from "vitest";
import { failed, reported } from "./game-day.ts";
import { fileWriter } from "./stage.ts";

const HISTORY =
  "history: [{ metric: tasks_queued_total, labels: { phase_id: PHASE_BACKLOG, priority: MEDIUM }, between: [2, 6] }]";
const FLOOD = `
title: More waits than ever did
timeline:
  - { at: 60s, do: flood_queue, tasks: 90 }
expect:
  - { alert: monitor_anomaly_detected, labels: { metric_name: tasks_queued_total }, within: 2m, times: 1 }
until: 3m
`;

const files = fileWriter();
let known: string;
let unknown: string;
beforeAll(() => {
  known = files.write(`${FLOOD}${HISTORY}\n`);
  unknown = files.write(FLOOD);
});
afterAll(() => files.remove());

it("with a history under it, what was never seen is strange at once", async () => {
  const report = await reported(known);
  expect(failed(report)).toEqual([]);
  expect(report.timeline).toContainEqual(
    expect.objectContaining({ text: "monitor.anomaly.detected tasks_queued_total" }),
  );
});

it.each<[string, () => string[]]>([
  ["without the detector", () => [known, "--without", "detector"]],
  ["without a history, as it learns still", () => [unknown]],
])("%s nothing is", async (_what, args) => {
  expect(failed(await reported(...args()))).toEqual([
    expect.stringMatching(/^monitor_anomaly_detected .*did not fire$/),
  ]);
});

it("a history by itself is nothing strange", async () => {
  expect(failed(await reported(known, "--without", "faults"))).toEqual([]);
});
