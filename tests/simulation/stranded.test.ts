import type { RequestContext } from "@omoios/domain/commit";
import type { TaskId } from "@omoios/kernel/ids";
import { type Database, startDatabase } from "@omoios/simulation/database";
import type { Instance } from "@omoios/simulation/plane/instances";
import { beginSweeping, startSweeps } from "@omoios/simulation/plane/sweeps";
import type { Faults } from "@omoios/simulation/wire/faults";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rowsOf } from "./checks/rows.ts";
import { standingFaults } from "./checks/standing.ts";
import { MUTATIONS } from "./mutations.ts";
import { makeWorld, type World, type WorldOptions } from "./world.ts";

/** Single sequences of acts, each with one crash at most: nobody may wait in silence after them. */
const ACTOR = { kind: "operator", id: "key_operator", authority: "GUARDIAN" } as const;
const THREE_SWEEPS_MS = 190_000;

let database: Database;
beforeAll(async () => {
  database = startDatabase();
});
afterAll(() => database.stop());

/** A process dies after its n-th request once this was set. */
interface Crash {
  after?: number | undefined;
}

function only(crash: Crash): Faults {
  return {
    on: false,
    begin: () => undefined,
    end: () => undefined,
    ofMessage: () => undefined,
    ofRequest() {
      if (crash.after === undefined || --crash.after > 0) return undefined;
      crash.after = undefined;
      return "crash_after";
    },
  };
}

interface Story {
  /** Does something and lets all that follows from it happen; false where the process died. */
  tell<T>(act: (instance: Instance, ctx: RequestContext) => Promise<T>): Promise<T | undefined>;
  crash: Crash;
}

/** Tells a story in a world of its own, and gives what does not hold three sweeps later. */
async function faultsAfter(
  seed: number,
  story: (told: Story) => Promise<void>,
  rewrite?: WorldOptions["rewrite"],
): Promise<string[]> {
  const crash: Crash = {};
  const world = await makeWorld({
    seed,
    clients: database.clients,
    emulator: await database.open(),
    faults: only(crash),
    rewrite,
  });
  const tell: Story["tell"] = async (act) => {
    const ending = await within(world, 10_000, () =>
      world.fleet.invoke("api-control", (instance) => {
        const { random } = instance.rooms;
        return act(instance, { now: world.time.now(), actor: ACTOR, random, correlation_id: "told" });
      }),
    );
    if (ending.ended === "threw") throw ending.error;
    return ending.ended === "returned" ? ending.value : undefined;
  };
  await within(world, 1_000, () => beginSweeping(world));
  const sweeps = startSweeps(world);
  await story({ tell, crash });
  await within(world, THREE_SWEEPS_MS, async () => undefined);
  return standingFaults(rowsOf(world.changes.current.values()), sweeps.until);
}

/** Does something, and lets so much time pass in all or more. */
async function within<T>({ time }: World, ms: number, act: () => Promise<T>): Promise<T> {
  const until = time.now() + ms;
  let done = false;
  const acting = act().finally(() => {
    done = true;
  });
  time.after(ms, () => undefined);
  await time.run(() => done && time.now() >= until);
  return acting;
}

const openTicket = async ({ tell }: Story): Promise<string> =>
  (await tell(({ rooms }, ctx) => rooms.tickets.open(ctx, { title: "Told", workflow: "gated" })))?.ticket_id ?? "";

const addTask = ({ tell }: Story, ticket_id: string, title: string, depends_on: string[] = []) =>
  tell(async ({ rooms }, ctx) => {
    const [made] = await rooms.tickets.addTasks(ctx, ticket_id, [{ title, depends_on }]);
    return made?.task_id ?? "";
  });

const cancel = ({ tell }: Story, task_id: string) =>
  tell(({ rooms }, ctx) => rooms.operator.cancel(ctx, task_id, "told so"));

it("names what a task waits for that was given up and asked for again", async () => {
  const faults = await faultsAfter(1, async (story) => {
    const ticket_id = await openTicket(story);
    const lost = (await addTask(story, ticket_id, "Lost")) ?? "";
    const waiting = (await addTask(story, ticket_id, "Waiting", [lost])) ?? "";
    await cancel(story, lost);
    await cancel(story, waiting);
    await story.tell(({ rooms }, ctx) => rooms.operator.retry(ctx, waiting, "by hand"));
  });
  // The tasks that the plane made to unblock the ticket are there to be claimed, and nobody claims here.
  expect(faults.filter((fault) => fault.includes("does not name it"))).toEqual([]);
});

it("names what a new task waits for in vain, at whatever request its call died", async () => {
  for (let request = 1; request <= 16; request++) {
    const faults = await faultsAfter(100 + request, async (story) => {
      const ticket_id = await openTicket(story);
      const lost = (await addTask(story, ticket_id, "Lost")) ?? "";
      await cancel(story, lost);
      story.crash.after = request;
      await addTask(story, ticket_id, "Waiting", [lost]);
      story.crash.after = undefined;
    });
    expect({ request, faults: faults.filter((fault) => fault.includes("does not name it")) }).toEqual({
      request,
      faults: [],
    });
  }
});

it.each([
  ["refuses a claim by what the index showed before the task was taken and came back", undefined, undefined],
  ["lets that claim through in a build without the fence", MUTATIONS["take-without-fence"].rewrite, "running"],
])("%s", async (_what, rewrite, status) => {
  let second: string | undefined;
  await faultsAfter(
    200,
    async (story) => {
      const task_id = ((await addTask(story, await openTicket(story), "Contended")) ?? "") as TaskId;
      second = await story.tell(async ({ rooms: { parts } }, ctx) => {
        const task = await parts.store.get("task", { task_id });
        if (task === undefined) throw new Error(`There is no task ${task_id}`);
        const { fence, virtual_start = 0, ready_lane = "", timeout_seconds } = task;
        const seen = { task_id: task.task_id, fence, virtual_start, ready_lane, timeout_seconds };
        const take = (agent_id: string) =>
          parts.lanes.take(ctx, seen, {
            status: "running",
            agent_id: agent_id as never,
            attempts: 1,
            fence: fence + 1,
            lease_expires_at: ctx.now + 60_000,
            due_at: ctx.now + 60_000,
            events: [{ type: "task.started" }],
          });
        const first = await take("agent_00000000-0000-4000-8000-000000000001");
        if (first === undefined) throw new Error("The first claim was refused");
        await parts.commit(ctx, [
          {
            kind: "task",
            before: first,
            after: { ...first, status: "ready", agent_id: undefined, ready_lane, virtual_start },
          },
        ]);
        return (await take("agent_00000000-0000-4000-8000-000000000002"))?.status;
      });
    },
    rewrite,
  );
  expect(second).toBe(status);
});
