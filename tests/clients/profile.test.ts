import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningPlane, startRunningPlane } from "../harness/running-plane.ts";
import { omoiProcess } from "./omoi-process.ts";

let plane: RunningPlane;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "omoi-profile-"));
  // As `npm start` starts it: a profile names the files of the source.
  plane = await startRunningPlane({}, {}, { from_source: true });
});
afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true });
});

const omoi = (...args: string[]) => omoiProcess(["profile", ...args], { OMOI_DATA_DIR: plane.data_dir });

/** Calls the control function until the work is done; answers how often. */
async function callsDuring<T>(work: Promise<T>): Promise<{ done: T; calls: number }> {
  const operator = createClient({ url: plane.url, api_key: plane.api_key });
  let ended = false;
  const end = () => {
    ended = true;
  };
  work.then(end, end);
  let calls = 0;
  for (; !ended; calls += 1) await operator.createTicket({ body: { title: "Work" } });
  return { done: await work, calls };
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

test("a function that works is profiled, in the form that DevTools opens", async () => {
  const file = join(folder, "control.cpuprofile");
  const { done, calls } = await callsDuring(omoi("api-control", "--seconds", "2", "--out", file, "--json"));
  expect(done.exit).toBe(0);
  const told = JSON.parse(done.out);
  expect(told).toMatchObject({ function: "api-control", seconds: 2, file });
  expect(told.invocations).toBeGreaterThan(0);
  expect(told.invocations).toBeLessThanOrEqual(calls);
  expect(told.busy_ms).toBeGreaterThan(0);
  const profile = JSON.parse(readFileSync(file, "utf8")) as CpuProfile;
  expect(profile.timeDeltas).toHaveLength(profile.samples.length);
  const ids = new Set(profile.nodes.map(({ id }) => id));
  expect(profile.samples.every((id) => ids.has(id))).toBe(true);
  const seen = new Set(profile.samples);
  const urls = profile.nodes.filter(({ id }) => seen.has(id)).map(({ callFrame }) => callFrame.url);
  expect(urls.some((url) => url.includes("/packages/"))).toBe(true);
});

test("a function that has nothing to do was not at work", async () => {
  const file = join(folder, "idle.cpuprofile");
  const { out, exit } = await omoi("audit-export", "--seconds", "0.2", "--out", file);
  expect(exit).toBe(0);
  expect(out).toMatch(/^0 invocations, 0 ms at work; .*idle\.cpuprofile opens in DevTools\nit was not at work\n$/);
});

test("a file that cannot be written is wrong use before a second is spent", async () => {
  const file = join(folder, "nowhere", "p.cpuprofile");
  // Of a function that there is not nothing is asked either.
  const { err, exit } = await omoi("fly", "--seconds", "300", "--out", file);
  expect([err, exit]).toEqual([
    `omoi: ${file} cannot be written (ENOENT): name a file in a folder that you may write to\n`,
    2,
  ]);
});

test.each([
  [["fly"], /there is no function fly; there are api-agents, api-control/],
  [["relay", "--seconds", "301"], /seconds must be above 0 and at most 300/],
])("wrong use is told: %j", async (args, message) => {
  expect(await omoi(...args)).toMatchObject({ exit: 2, err: expect.stringMatching(message) });
});

test("a plane elsewhere is not profiled, and nobody without the key is answered", async () => {
  const elsewhere = { OMOI_URL: "http://127.0.0.1:1", OMOI_API_KEY: "k" };
  expect(await omoiProcess(["profile", "relay"], elsewhere)).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/of a plane on this machine/),
  });
  const { profiles_url } = JSON.parse(readFileSync(join(plane.data_dir, "stage.json"), "utf8"));
  const answer = await fetch(`${profiles_url}/relay?seconds=1`, { method: "POST" });
  expect(answer.status).toBe(401);
});
