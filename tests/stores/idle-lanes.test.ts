import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { hintKey } from "@omoios/adapters/dynamodb/lanes";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { agentRow } from "@omoios/domain/agents/agent-row.fixture";
import { Stale } from "@omoios/domain/commit";
import { laneBook } from "@omoios/domain/tasks/lane-book";
import { sweepLanes } from "@omoios/domain/tasks/lane-sweep";
import type { TaskParts } from "@omoios/domain/tasks/parts";
import { retireClass } from "@omoios/domain/tasks/retire";
import type { AgentId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { HOUR, NOW } from "../harness/task-row.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const DAY = 24 * HOUR;
let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A process of the stage, and its sweep of the lanes. */
function processAt(time: { now: number }) {
  const { rooms, context } = timedRooms(tables, time);
  const { parts, hints } = rooms;
  return {
    ...rooms,
    ...parts,
    context,
    sweep: async () => sweepLanes(parts, hints, context(), await parts.book.compile(context())),
  };
}

it("removes a lane that stood empty for a day with all its pairs, more than one transaction takes, and its hint", async () => {
  const time = { now: NOW };
  const { book, context, store, hints, sweep } = processAt(time);
  const { lane } = await book.ensureLane(context(), PHASE, []);
  await hints.mend(lane, [{ shard: 0, first: NOW }]);
  const names = Array.from({ length: 120 }, (_, n) => `skill:${n}`);
  const classes = await Promise.all(names.map((name) => book.ensureClass(context(), [PHASE], [name])));
  const pairs = async () =>
    store.getMany(
      "pair",
      classes.map((class_id) => ({ class_id, lane })),
    );
  expect(await pairs()).toHaveLength(120);
  time.now += DAY;
  await sweep();
  expect(await store.get("lane", { lane })).toBeUndefined();
  expect(await pairs()).toEqual([]);
  const hint = await tables.client.send(new GetCommand({ TableName: tables.pulse, Key: hintKey(lane) }));
  expect(hint.Item).toBeUndefined();
});

it("retires a class when no agent of it lived for long, and makes it again with the next that registers", async () => {
  const time = { now: NOW + 10 * DAY };
  const { book, context, store, sweep } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:go"]);
  const { lane } = await book.ensureLane(context(), PHASE, []);
  time.now += DAY;
  await sweep();
  expect(await store.get("agent_class", { class_id })).toMatchObject({ phase_ids: [PHASE], capabilities: ["lang:go"] });
  time.now += HOUR;
  await book.ensureLane(context(), PHASE, []);
  await sweep();
  expect(await store.get("agent_class", { class_id })).toBeUndefined();
  expect(await store.all("pair", { class_id })).toEqual([]);
  await book.ensureClass(context(), [PHASE], ["lang:go"]);
  expect(await store.all("pair", { class_id })).toMatchObject([{ lane }]);
});

it("keeps a class of which an agent lives, and asks for it once a day", async () => {
  const time = { now: NOW + 20 * DAY };
  const { book, context, store, commit, sweep } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:zig"]);
  const agent = agentRow({ agent_id: "agent_of_zig" as AgentId, class_id, status: "IDLE" });
  await commit(context(), [{ kind: "agent", after: { ...agent, version: 0 } }]);
  time.now += 2 * DAY;
  await sweep();
  expect(await store.get("agent_class", { class_id })).toMatchObject({ touched_at: time.now });
});

it("leaves a class whose agent registers while it is being retired with all its lanes", async () => {
  const time = { now: NOW + 30 * DAY };
  const { book, context, store, parts } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:elm"]);
  const { lane } = await book.ensureLane(context(), PHASE, ["lang:elm"]);
  time.now += 2 * DAY;
  const row = await store.get("agent_class", { class_id });
  if (row === undefined) throw new Error("The class is not there.");
  const other = processAt(time);
  const registering: TaskParts["commit"] = async (...change) => {
    await other.book.ensureClass(context(), [PHASE], ["lang:elm"]);
    return parts.commit(...change);
  };
  await expect(retireClass({ ...parts, commit: registering }, context(), row)).rejects.toThrow(Stale);
  expect(await store.get("agent_class", { class_id })).toMatchObject({ touched_at: time.now });
  expect(await store.all("pair", { class_id })).toMatchObject([{ lane }]);
});

it("removes a pair that was written while its lane went", async () => {
  const time = { now: NOW + 40 * DAY };
  const { book, context, store, commit, sweep } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:ada"]);
  const left = { version: 0, class_id, lane: "gone", phase_id: PHASE, shards: 1 };
  await commit(context(), [{ kind: "pair", after: left }]);
  await sweep();
  expect((await store.all("pair", { class_id })).map(({ lane }) => lane)).not.toContain("gone");
});

it("makes a lane again for a task that waited while the lane was retired", async () => {
  const time = { now: NOW + 50 * DAY };
  const { book, tickets, context, store, sweep } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:nim"]);
  const { ticket_id } = await tickets.open(context(), createTicket().parse({ title: "Slow work" }));
  const drafts = [
    { ref: "first", title: "First", phase_id: PHASE },
    { title: "Second", phase_id: PHASE, required_capabilities: ["lang:nim"], depends_on: ["first"] },
  ];
  const [, second] = await tickets.addTasks(context(), ticket_id, drafts as never, () => "");
  const task = second && (await store.get("task", second));
  if (task === undefined) throw new Error("The task is not there.");
  const { lane } = task;
  time.now += DAY;
  await sweep();
  expect(await store.get("lane", { lane })).toBeUndefined();
  expect(await processAt(time).book.shardsOf(context(), task)).toBe(1);
  expect(await store.get("lane", { lane })).toMatchObject({ phase_id: PHASE, capabilities: ["lang:nim"] });
  expect((await store.all("pair", { class_id })).map((row) => row.lane)).toContain(lane);
});

it("makes a lane again that is retired in the moment in which it is touched", async () => {
  const time = { now: NOW + 60 * DAY };
  const { book, context, store, parts, sweep } = processAt(time);
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:zig"]);
  const { lane } = await book.ensureLane(context(), PHASE, ["lang:zig"]);
  time.now += 2 * DAY;
  let sweeps = 0;
  const retiring: TaskParts["commit"] = async (...change) => {
    if (sweeps++ === 0) await sweep();
    return parts.commit(...change);
  };
  const touching = laneBook({ store, commit: retiring, clock: { now: () => time.now }, limits: parts.limits });
  await touching.ensureLane(context(), PHASE, ["lang:zig"]);
  expect(await store.get("lane", { lane })).toMatchObject({ touched_at: time.now });
  expect((await store.all("pair", { class_id })).map((row) => row.lane)).toContain(lane);
});

it("tells once of a lane with work that no living agent can take, and not any more once one can", async () => {
  const time = { now: NOW + 70 * DAY };
  const { book, tickets, context, store, commit, parts, hints } = processAt(time);
  const { ticket_id } = await tickets.open(context(), createTicket().parse({ title: "Rare work" }));
  const needs = { phase_id: PHASE, required_capabilities: ["lang:abap"] };
  const drafts = [
    { title: "First", ...needs },
    { title: "Second", ...needs },
  ];
  const ids = await tickets.addTasks(context(), ticket_id, drafts as never, () => "");
  const task = ids[0] && (await store.get("task", ids[0]));
  if (task === undefined) throw new Error("The task is not there.");
  const { lane } = task;
  const told: unknown[] = [];
  const telling: TaskParts["commit"] = (ctx, changes, options) => {
    for (const { kind, after, events = [] } of changes)
      if (kind === "task" && after?.lane === lane) told.push([after.task_id, ...events]);
    return commit(ctx, changes, options);
  };
  const sweep = async () => sweepLanes({ ...parts, commit: telling }, hints, context(), await book.compile(context()));
  await sweep();
  expect(told).toEqual([]);
  time.now += parts.limits.unmatchable_after_seconds * 1000;
  await sweep();
  await sweep();
  // Both wait since the same moment, so that either may be the oldest.
  expect(told).toEqual([
    [expect.toBeOneOf(ids.map(({ task_id }) => task_id)), { type: "task.unmatchable", data: { lane, tasks: 1 } }],
  ]);
  expect(await store.get("lane", { lane })).toMatchObject({ unmatchable: true });
  const class_id = await book.ensureClass(context(), [PHASE], ["lang:abap"]);
  const agent = agentRow({ agent_id: "agent_of_abap" as AgentId, class_id, status: "IDLE" });
  await commit(context(), [{ kind: "agent", after: { ...agent, version: 0 } }]);
  await sweep();
  expect((await store.get("lane", { lane }))?.unmatchable).toBeUndefined();
});
