import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marshall } from "@aws-sdk/util-dynamodb";
import { keyOf } from "@omoios/adapters/dynamodb/rows";
import { awsCaller } from "@omoios/local/aws-json";
import { createClient } from "@omoios/sdk/client";
import type { DynamoDBRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { untilHolds } from "../harness/until.ts";
import { claimNext, completed, makeWork } from "../harness/work.ts";

let plane: TestPlane;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "omoi-audit-"));
  plane = await startTestPlane({}, { config: withBucket(join(folder, "config")) });
});
afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The shipped configuration, with a bucket for the audit. */
function withBucket(config: string): string {
  cpSync(fileURLToPath(new URL("../../config", import.meta.url)), config, { recursive: true });
  const file = join(config, "stages.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("audit_bucket: null", "audit_bucket: our-audit"));
  return config;
}

const omoi = (args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });
const entries = async (query: Record<string, string>) =>
  (await plane.operator.listAudit({ query: { limit: 100, ...query } })).items;
/** The ids of the event log from its beginning. */
async function wholeLog(): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await plane.operator.listEvents({ query: { limit: 100, after } });
    if (page.items.length === 0) return ids;
    ids.push(...page.items.map(({ id }) => id));
    after = page.next_cursor ?? undefined;
  }
}

/** The sweep of a minute, as the schedule calls it. */
const sweep = async () => (await import("../../functions/schedules/sweep.ts")).handler();

it("shows every change with who, under which authority, what was before and after, and the request", async () => {
  const { task_ids, agent: register } = await makeWork(plane);
  const [task_id = ""] = task_ids;
  const agent = await register();
  const { fence } = await claimNext(agent);
  await agent.client.completeTask({ params: { task_id }, body: completed(fence) });
  await untilHolds(async () => {
    const [last] = await entries({ subject: task_id });
    expect(last).toMatchObject({
      what: "task.completed",
      who: { kind: "agent", id: agent.agent_id },
      authority: "WORKER",
      subject: { kind: "task", id: task_id },
      before: { status: "running" },
      after: { status: "completed", task_id },
    });
    expect(last?.request_id).toMatch(/^req_/);
    expect(last?.hash).toMatch(/^[\w-]{43}$/);
  });
  const all = await entries({ subject: task_id });
  expect(all.map(({ what }) => what)).toEqual(["task.completed", "task.started", "task.ready", "task.created"]);
  expect(all.at(-1)?.before).toBeNull();
  const byAgent = await entries({ who: agent.agent_id, what: "task.started" });
  expect(byAgent.map(({ subject }) => subject.id)).toEqual([task_id]);
});

it("gives its entries newest first, page by page, within the times asked for", async () => {
  const all = [];
  let cursor: string | undefined;
  do {
    const page = await plane.operator.listAudit({ query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) } });
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(8);
  const started = all.find(({ what }) => what === "task.started")?.at ?? "";
  expect((await entries({ from: started })).every(({ at }) => at >= started)).toBe(true);
  expect((await entries({ to: started })).every(({ at }) => at <= started)).toBe(true);
});

it("keeps each refusal of somebody known, and counts those of others", async () => {
  const [first, second] = [await plane.agent(), await plane.agent()];
  const acted = first.client.getAgentHealth({ params: { agent_id: second.agent_id } });
  await expect(acted).rejects.toMatchObject({ status: 403 });
  expect(await entries({ who: first.agent_id, what: "access.refused" })).toMatchObject([
    {
      authority: "WORKER",
      subject: { kind: "agent", id: second.agent_id },
      after: { route: "getAgentHealth", code: "auth.forbidden", status: 403 },
      reason: "An agent acts for itself only.",
    },
  ]);
  const narrow = await plane.operator.createApiKey({ body: { name: "reader", scopes: ["tickets:read"] } });
  const reader = createClient({ url: plane.url, api_key: narrow.api_key });
  await expect(reader.pause({ body: { reason: "I should not" } })).rejects.toMatchObject({ status: 403 });
  expect(await entries({ who: narrow.key_id, what: "access.refused" })).toMatchObject([
    { subject: { kind: "route", id: "pause" }, reason: "The key lacks the scope admin." },
  ]);
  const stranger = createClient({ url: plane.url, api_key: "omoi_sk_nobody" });
  await expect(stranger.listAudit({ query: {} })).rejects.toMatchObject({ status: 401 });
  expect((await plane.operator.getPause({})).paused).toBe(false);
});

it("shows an event once that the stream gives again", async () => {
  const { key_id } = await plane.operator.createApiKey({ body: { name: "again", scopes: ["tickets:read"] } });
  const made = async () => (await entries({ subject: key_id }))[0];
  await untilHolds(async () => expect(await made()).toBeDefined());
  const first = await made();
  const Key = marshall(keyOf("api_key", { key_id }));
  const dynamodb = awsCaller("dynamodb", plane.endpoints.dynamodb, "us-east-1");
  const { Item } = (await dynamodb("GetItem", { TableName: plane.places.tables.state, Key })) as { Item: object };
  const { handler } = await import("../../functions/streams/relay.ts");
  const record = { eventName: "INSERT", dynamodb: { NewImage: Item, SequenceNumber: "1" } } as DynamoDBRecord;
  expect(await handler({ Records: [record] })).toEqual({ batchItemFailures: [] });
  expect((await made())?.hash).not.toBe(first?.hash);
  const listed = (await entries({ what: "access.key_created" })).map(({ id }) => id);
  expect(listed.filter((id) => id === first?.id)).toHaveLength(1);
  await untilHolds(async () => {
    const followed = await wholeLog();
    expect(followed.filter((id) => id === first?.id)).toHaveLength(1);
  });
});

it("is verified whole once it is sealed, in the plane and as a file; and a changed row is named", async () => {
  await untilHolds(
    async () => {
      await sweep();
      const { out, exit } = await omoi(["audit", "verify"]);
      expect(out).toMatch(/^whole: \d\d+ entries under \d+ roots/);
      expect(exit).toBe(0);
    },
    { every_ms: 1_000 },
  );
  const { handler: exportAudit } = await import("../../functions/schedules/audit-export.ts");
  expect(await exportAudit()).toMatchObject({ objects: 1 });
  const bucket = (process.env.OMOI_BUCKET_AUDIT ?? "").slice("file:".length);
  expect(readdirSync(bucket)).toEqual(["0000000001.ndjson"]);
  expect((await omoi(["audit", "verify", "--file", join(bucket, "0000000001.ndjson")])).exit).toBe(0);

  const file = join(folder, "audit.ndjson");
  expect((await omoi(["audit", "export", "--out", file])).exit).toBe(0);
  // On a busy machine an agent falls silent meanwhile, and what is said of that is not sealed yet.
  expect([0, 3]).toContain((await omoi(["audit", "verify", "--file", file])).exit);
  const lines = readFileSync(file, "utf8").split("\n");
  const at = lines.findIndex((line) => line.includes("task.started"));
  for (const changed of [
    lines.toSpliced(at, 1),
    lines.with(at, (lines[at] ?? "").replace("task.started", "task.starved")),
    lines.with(at, (lines[at] ?? "").replace(",", ", ")),
    lines.toSpliced(at - 1, 2, ...lines.slice(at - 1, at + 1).reverse()),
  ]) {
    writeFileSync(file, changed.join("\n"));
    expect(await omoi(["audit", "verify", "--file", file])).toMatchObject({ exit: 1 });
  }
  expect(await omoi(["audit", "verify", "--file", join(folder, "none")])).toMatchObject({ exit: 2 });

  const [entry] = await entries({ what: "task.completed" });
  const dynamodb = awsCaller("dynamodb", plane.endpoints.dynamodb, "us-east-1");
  const TableName = plane.places.tables.pulse;
  const Key = { pk: { S: `log#${entry?.subject.id}` }, sk: { S: `${entry?.at}#${entry?.id}` } };
  const { Item } = (await dynamodb("GetItem", { TableName, Key })) as { Item: unknown };
  const stored = Item as Record<string, { S: string }>;
  const event = { S: stored.event?.S.replace('"completed"', '"cancelled"') };
  await dynamodb("PutItem", { TableName, Item: { ...stored, event } });
  const broken = await omoi(["audit", "verify"]);
  expect(broken).toMatchObject({ exit: 1 });
  expect(broken.out).toBe(`broken: altered: entry ${entry?.at}#${entry?.id} (its hash does not fit)\n`);
  await dynamodb("DeleteItem", { TableName, Key });
  expect((await omoi(["audit", "verify"])).out).toMatch(
    new RegExp(`^broken: missing: entry ${entry?.at}#${entry?.id}`),
  );
});

it("the event log is read from a moment on", async () => {
  const events = async (query: { from?: string; subject?: string }) =>
    (await plane.operator.listEvents({ query: { limit: 100, type: "ticket.created", ...query } })).items;
  const made = async (title: string) => (await plane.operator.createTicket({ body: { title } })).ticket_id;
  const first = await made("Before");
  const from = await untilHolds(async () => {
    const [event] = (await events({})).filter(({ subject }) => subject.id === first);
    if (event === undefined) throw new Error("Not in the log yet");
    return new Date(Date.parse(event.time) + 1).toISOString();
  });
  const second = await made("After");
  await untilHolds(async () => {
    expect((await events({ from })).map(({ subject }) => subject.id)).toEqual([second]);
  });
  expect(await events({ from, subject: first })).toEqual([]);
  expect(await events({ from: new Date().toISOString() })).toEqual([]);
  expect(await events({ subject: first })).toHaveLength(1);
});
