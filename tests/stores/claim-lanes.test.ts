import type { QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { agentRow } from "@omoios/domain/agents/agent-row.fixture";
import { dispatch } from "@omoios/domain/tasks/dispatch";
import { laneWatch } from "@omoios/domain/tasks/lane-watch";
import type { AgentId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { tableRequests } from "../harness/table-requests.ts";
import { NOW } from "../harness/task-row.ts";
import { configuration, timedRooms } from "../harness/timed-rooms.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const LANES = 12;
/** Of a claim that finds work: a page, the slot, the take, the body. Its call has read the agent's row before. */
const FINDS = 4;
/** Only ends what never comes: longer than a call may wait, as a slow machine takes its time to make a task. */
const LONG_MS = 60_000;

let tables: Tables;
let stop: () => Promise<void>;
/** Lane shards that were looked into, in this order. */
const looks: string[] = [];
beforeAll(async () => {
  ({ tables, stop } = await withTables());
  tables.client.middlewareStack.add(
    (next) => (args) => {
      const { IndexName, ExpressionAttributeValues } = args.input as QueryCommandInput;
      if (IndexName === "ready") looks.push(String(ExpressionAttributeValues?.[":lane"]));
      return next(args);
    },
    { step: "initialize", name: "noteLooks" },
  );
});
afterAll(() => stop());

/** No claim looks into a random lane first, and what else is kept is read once: the counts are the same at every run. */
const LIMITS = { ...configuration.limits, claim_random_lane_one_in: 1e9, pause_cache_ms: 1e9, lane_cache_ms: 1e9 };
const requests = tableRequests();
const REAL = {
  get now() {
    return Date.now();
  },
};
let fleets = 0;

/** Twelve empty lanes and the class of agents that takes from all of them; a process of the stage, in which others stand beside it. */
async function fleet(time: { now: number } = { now: NOW }) {
  const name = `fleet${++fleets}`;
  const words = Array.from({ length: LANES }, (_, n) => `${name}:${n}`);
  const process = () => {
    const { rooms, context } = timedRooms(tables, time, undefined, { watch: laneWatch(64), limits: LIMITS });
    /** A claim, and what it asked of the tables. */
    const claim = async (agent_id: AgentId, wait_ms = 0) => {
      const agent = await rooms.parts.store.get("agent", { agent_id });
      if (agent === undefined) throw new Error(`There is no agent ${agent_id}`);
      let tasks: string[] = [];
      const asked = await requests.during(() =>
        requests.around(async () => {
          const answer = await rooms.claim(context(), agent, { max: 1, wait_ms, key: undefined });
          tasks = answer.tasks.map(({ task_id }) => task_id);
        }),
      );
      return { tasks, asked };
    };
    const dispatched = (task_id: string) => dispatch(rooms.dispatching, context(), { task_id, version: 0 });
    return { ...rooms, ...rooms.parts, context, claim, dispatched };
  };
  const first = process();
  const { book, commit, context, store, tickets } = first;
  const class_id = await book.ensureClass(context(), [PHASE], words);
  for (const word of words) await book.ensureLane(context(), PHASE, [word]);
  const { ticket_id } = await tickets.open(context(), createTicket().parse({ title: "Work" }));
  let agents = 0;
  const agent = async () => {
    const agent_id = `agent_${name}_${++agents}` as AgentId;
    await commit(context(), [{ kind: "agent", after: { ...agentRow({ agent_id, class_id }), version: 0 } }]);
    return agent_id;
  };
  /** A task that is ready in the lane of that number; nobody was told, and the stream's figures have not come to it. */
  const ready = async (lane: number) => {
    const draft = { title: "A task", phase_id: PHASE, required_capabilities: [words[lane]] };
    const [made] = await tickets.addTasks(context(), ticket_id, [draft] as never);
    const task = made && (await store.get("task", made));
    if (task?.status !== "ready") throw new Error("A task was made, and is ready");
    return task;
  };
  return { process, first, agent, ready };
}

/** As the stream's figures write it when they come to a batch of the shard. */
const FIGURES = (at: number) => [{ shard: 0, first: at }];

describe("an agent of twelve lanes", () => {
  test("that waits is told the lane, and looks into no other", async () => {
    const { first, agent, ready } = await fleet(REAL);
    looks.splice(0);
    for (let lane = 0; lane < LANES; lane++) {
      const waiting = first.claim(await agent(), LONG_MS);
      const { task_id, ready_lane } = await ready(lane);
      await first.dispatched(task_id);
      expect((await waiting).tasks).toEqual([task_id]);
      // One look anywhere before it waited, if it came to that.
      const [told, ...before] = looks.splice(0).reverse();
      expect(told).toBe(ready_lane);
      expect(before.length).toBeLessThanOrEqual(1);
    }
  });

  test("takes at once what its process was told of before it asked", async () => {
    const { first, agent, ready } = await fleet();
    // Its hints are known now, and say that there is nothing.
    expect((await first.claim(await agent())).tasks).toEqual([]);
    for (let lane = 0; lane < LANES; lane++) {
      const { task_id } = await ready(lane);
      await first.dispatched(task_id);
      expect(await first.claim(await agent())).toEqual({ tasks: [task_id], asked: FINDS });
    }
  });

  test("sees what the figures have told of another process half a second after its hints showed nothing", async () => {
    const time = { now: NOW };
    const { process, first, agent, ready } = await fleet(time);
    const other = process();
    for (let lane = 0; lane < LANES; lane++) {
      const agent_id = await agent();
      expect((await other.claim(agent_id)).tasks).toEqual([]);
      const task = await ready(lane);
      await first.hints.mend(task.lane, FIGURES(time.now));
      time.now += 500;
      expect(await other.claim(agent_id)).toEqual({ tasks: [task.task_id], asked: FINDS + 1 });
      await first.hints.mend(task.lane, [{ shard: 0, first: undefined }]);
    }
  });

  test("is led by newer hints once it has seen that those it had are wrong", async () => {
    const time = { now: NOW };
    const { process, first, agent, ready } = await fleet(time);
    const other = process();
    const drained = [await ready(0), await ready(1), await ready(2)];
    for (const { lane } of drained) await first.hints.mend(lane, FIGURES(time.now));
    await other.claim(await agent());
    for (let n = 1; n < drained.length; n++) await first.claim(await agent());
    for (const { lane } of drained) await first.hints.mend(lane, [{ shard: 0, first: undefined }]);
    const task = await ready(7);
    await first.hints.mend(task.lane, FIGURES(time.now));
    time.now += 500;
    // The page of a lane that another has emptied, then the hints.
    expect(await other.claim(await agent())).toEqual({ tasks: [task.task_id], asked: FINDS + 2 });
  });

  test("that waits where no signal comes looks by itself", async () => {
    const { process, first, agent, ready } = await fleet(REAL);
    const waiting = process().claim(await agent(), LONG_MS);
    const task = await ready(7);
    await first.hints.mend(task.lane, FIGURES(Date.now()));
    expect((await waiting).tasks).toEqual([task.task_id]);
  });

  test("with nothing to do asks for one page, and for its hints at most twice a second", async () => {
    const time = { now: NOW };
    const { first, agent } = await fleet(time);
    const agent_id = await agent();
    await first.claim(agent_id);
    const asked: number[] = [];
    for (let n = 0; n < 10; n++) {
      time.now += 100;
      asked.push((await first.claim(agent_id)).asked);
    }
    expect(asked).toEqual([1, 1, 1, 1, 2, 1, 1, 1, 1, 2]);
  });
});
