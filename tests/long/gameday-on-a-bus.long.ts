import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@omoios/local/ports";
import { afterAll, beforeAll, expect, it } from "vitest";
import { failed, gameday, reportIn } from "../gamedays/game-day.ts";
import { fileWriter } from "../gamedays/stage.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

/** The shipped `alert_storm`, made short. */
const STORM = `
title: Alerts of one kind, each said three times, while events come twice and late
hypothesis:
  - { probe: alerts.firing, is: 0 }
timeline:
  - { at: 0s, do: double_events, for: 1m }
  - { at: 0s, do: reorder_events, share: 0.5, for: 1m }
  - { at: 1s, do: alert_storm, alerts: 10, times: 3, for: 40s }
expect:
  - { alert: storm, times: 10 }
  - { notifications: { mail: 1 }, within: 2m }
  - { notifications: { resolved: 1 } }
  - { resolved: all, within: 4m }
until: 5m
until_met: true
routing:
  receivers:
    - { name: mail, type: email }
  route:
    receiver: mail
    group_wait: 5s
    group_interval: 20s
`;

const files = fileWriter();
const file = files.write(STORM);
let plane: ProcessPlane;
let dir: string;
let config: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "omoi-gameday-bus-"));
  config = join(dir, "config");
  const prepared = await gameday("prepare", file, "--out", config, "--port", String(await freePort()));
  if (prepared.exit !== 0) throw new Error(prepared.out + prepared.err);
  plane = await startProcessPlane({}, config);
});
afterAll(async () => {
  await plane.remove();
  files.remove();
  rmSync(dir, { recursive: true });
});

/** Runs it, as one who knows of the plane what lies in that folder. */
const run = (data_dir: string) =>
  runOmoi(["gameday", "run", file, "--url", plane.url, "--config", config, "--json"], {
    url: plane.url,
    api_key: plane.operator_key,
    data_dir,
  });

it("is refused where the plane is not found on this machine, with what to do", async () => {
  const { out, exit } = await run(dir);
  expect(exit).toBe(2);
  for (const fault of ["double_events", "reorder_events"])
    expect(out).toMatch(
      new RegExp(`timeline\\[[01]\\]\\.do: ${fault} is done to the bus of a plane on this machine.*npm start`),
    );
});

it("a storm is told once on a stage that runs, though its events come twice and late", {
  timeout: 400_000,
}, async () => {
  const report = reportIn(await run(plane.data_dir));
  expect(failed(report)).toEqual([]);
  expect(report).toMatchObject({ passed: true, pages: 1, false_pages: 0 });
});
