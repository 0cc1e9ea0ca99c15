import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { bucketAt } from "@omoios/adapters/buckets/bucket";
import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { positionsOn } from "@omoios/adapters/dynamodb/counters";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { refusalCountsOn } from "@omoios/adapters/dynamodb/refusal-counts";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { runCli } from "@omoios/cli/run-cli";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Bucket } from "@omoios/domain/audit/ports";
import { auditService } from "@omoios/domain/audit/service";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeEach, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { S3_CREDENTIALS, S3_REGION, type S3Server, startS3 } from "../harness/s3-server.ts";
import { memoryStageKeys } from "../harness/stage-keys.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const MINUTE_MS = 60_000;
const random = seededRandom(3);

const folder = mkdtempSync(join(tmpdir(), "omoi-audit-export-"));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const end of ends) await end();
});

let s3: S3Server;
let plane: ReturnType<typeof planeOn>;
beforeEach(async () => {
  const [{ tables, stop }, server] = await Promise.all([withTables(), startS3()]);
  ends.push(stop, server.close);
  s3 = server;
  plane = planeOn(tables, s3Bucket());
});

function s3Bucket(): Bucket {
  const signing = { region: async () => S3_REGION, credentials: async () => S3_CREDENTIALS };
  return bucketAt(
    `${s3.url}/our-audit/omoios/test/audit/`,
    () => signing,
    async () => undefined,
  );
}

/** The audit of a stage, at a time that the test sets. */
function planeOn(tables: Tables, bucket: Bucket) {
  const time = { now: START };
  const clock = { now: () => time.now };
  const keys = memoryStageKeys(START);
  const parts = {
    store: storeOn(tables, clock),
    commit: commitTo(tables, 1),
    book: auditBookOn(tables),
    counts: refusalCountsOn(tables),
    positions: positionsOn(tables),
    bucket: () => bucket,
    notice: undefined,
    keys,
    clock,
    stage: "test",
    limits: defaultLimits,
  };
  const writing = () => logWriter({ tables, keys, clock, random, retention_days: 90 });
  const processes = [writing(), writing()].map((writer) => auditService({ ...parts, writer }));
  const context = () => systemContext("test", time.now, random);
  return {
    tables,
    time,
    keys,
    /** A minute in which each process writes so many entries, and what seals them. */
    async minute(entries: number) {
      for (let n = 0; n < entries; n++) {
        for (const audit of processes) {
          time.now += 10;
          const subject = { kind: "route", id: "pause" };
          const said = { route: "pause", code: "auth.forbidden", status: 403, request_id: newId("request", random) };
          await audit.refused(context(), { ...said, subject, reason: undefined });
        }
      }
      time.now = Math.ceil((time.now + 1) / MINUTE_MS) * MINUTE_MS + 10_000;
      await processes[0]?.seal(context());
    },
    export: () => (processes[0] as (typeof processes)[number]).exportSealed(context(), time.now + 1),
  };
}

/** What `omoi audit verify --file` says of what was exported. */
async function verified(text: string) {
  const file = join(folder, "audit.ndjson");
  writeFileSync(file, text);
  const keys = (await plane.keys.all()).map(({ kid, secret }) => ({
    kid,
    secret: Buffer.from(secret).toString("base64url"),
  }));
  const out: string[] = [];
  const exit = await runCli(["audit", "verify", "--file", file], {
    out: (said) => void out.push(said),
    err: (said) => void out.push(said),
    columns: 200,
    colours: false,
    env: { OMOI_AUDIT_KEYS: JSON.stringify({ keys }) },
    now: () => plane.time.now,
  });
  return { exit, out: out.join("") };
}

const names = () => [...s3.objects.keys()].sort();
const series = () => names().map((name) => s3.objects.get(name) ?? "");

it("goes on where the last one ended, and each object is whole by itself and with those before it", async () => {
  for (const entries of [3, 1, 2]) {
    await plane.minute(entries);
    expect(await plane.export()).toEqual({ objects: 1, entries: entries * 2 });
  }
  expect(names()).toEqual([1, 2, 3].map((n) => `/our-audit/omoios/test/audit/000000000${n}.ndjson`));
  for (const object of series()) expect((await verified(object)).out).toMatch(/^whole/);
  expect(await verified(series().join(""))).toEqual({
    exit: 0,
    out: expect.stringMatching(/^whole: 12 entries under 3 roots/),
  });
  const [first = "", , third = ""] = series();
  expect((await verified(first + third)).out).toMatch(/^broken: missing: root 2/);
  expect((await verified(third.replace('"status\\":403', '"status\\":200'))).exit).toBe(1);
});

it("writes nothing when nothing was sealed", async () => {
  expect(await plane.export()).toEqual({ objects: 0, entries: 0 });
  await plane.minute(1);
  await plane.export();
  await plane.minute(0);
  expect(await plane.export()).toEqual({ objects: 0, entries: 0 });
  expect(s3.asked).toHaveLength(1);
});

it("tries again what S3 could not take", async () => {
  await plane.minute(1);
  s3.faults.push("unavailable", "lost answer");
  expect(await plane.export()).toEqual({ objects: 1, entries: 2 });
  expect(s3.asked).toHaveLength(3);
});

it("writes the same object again, within the same bounds, when a run ended before it could say that it was written", async () => {
  await plane.minute(1);
  await plane.export();
  await plane.minute(2);
  s3.faults.push("lost answer", "lost answer", "lost answer", "lost answer");
  await expect(plane.export()).rejects.toThrow(/0000000002\.ndjson was not written/);
  const written = series();
  await plane.minute(2);
  expect(await plane.export()).toEqual({ objects: 2, entries: 8 });
  expect(series().slice(0, 2).join("") === written.join("")).toBe(true);
  expect(await verified(series().join(""))).toMatchObject({ exit: 0, out: expect.stringContaining("10 entries") });
});

it("is done once by runs that meet", async () => {
  await plane.minute(2);
  await plane.export();
  await plane.minute(2);
  await Promise.all([plane.export(), plane.export(), plane.export()]);
  await plane.minute(1);
  await plane.export();
  expect(names()).toHaveLength(3);
  expect(await verified(series().join(""))).toMatchObject({ exit: 0, out: expect.stringContaining("10 entries") });
});

it("says what S3 refuses", async () => {
  await plane.minute(1);
  s3.faults.push("denied");
  await expect(plane.export()).rejects.toThrow(/403 .*AccessDenied/);
  expect(s3.asked).toHaveLength(1);
});

it("shows and says what is broken, and goes on behind it", async () => {
  await plane.minute(1);
  const { Items = [] } = await plane.tables.client.send(new ScanCommand({ TableName: plane.tables.pulse }));
  const entry = Items.find(({ event }) => event !== undefined);
  if (entry === undefined) throw new Error("There is no entry");
  const event = String(entry.event).replace("403", "200");
  await plane.tables.client.send(new PutCommand({ TableName: plane.tables.pulse, Item: { ...entry, event } }));
  await expect(plane.export()).rejects.toThrow(/The audit is not whole: altered: entry/);
  expect(await verified(series().join(""))).toMatchObject({ exit: 1 });
  await plane.minute(1);
  expect(await plane.export()).toEqual({ objects: 1, entries: 2 });
});
