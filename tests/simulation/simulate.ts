import type { AgentId } from "@omoios/kernel/ids";
import type { Database } from "@omoios/simulation/database";
import { beginSweeping, type Sweeps, startSweeps } from "@omoios/simulation/plane/sweeps";
import { liveAsAgent } from "./actors/agent.ts";
import type { LateWord } from "./actors/life.ts";
import { simulatedOperator } from "./actors/operator.ts";
import { registerAgent } from "./actors/register.ts";
import type { Said } from "./actors/work-on.ts";
import { finalFaults, type Told } from "./checks/final.ts";
import { rowsOf } from "./checks/rows.ts";
import { standingFaults } from "./checks/standing.ts";
import { makeWorld, type World, type WorldOptions } from "./world.ts";

export interface Outcome {
  seed: number;
  /** What does not hold, each a sentence; empty where all is well. */
  faults: string[];
  /** The same for every run of the seed. */
  hash: string;
  /** Changes of the state table, and how long it took in virtual time. */
  changes: number;
  virtual_ms: number;
}

export type SimulationOptions = Pick<WorldOptions, "print" | "rewrite" | "refurnish">;

/** Everything must stand still by then, counted from the end of the faults. */
const SETTLES_WITHIN_MS = 45 * 60_000;
const LOOK_MS = 10_000;

/** Runs one seed: a backlog, its agents and an operator over the plane while things go wrong, then until all has settled. */
export async function simulate(database: Database, seed: number, options: SimulationOptions = {}): Promise<Outcome> {
  const emulator = await database.open();
  const world = await makeWorld({ seed, emulator, clients: database.clients, ...options });
  const { settled, ...told } = await live(world);
  const faults = [...(settled ? [] : ["It does not settle."]), ...world.errors];
  faults.push(...(await finalFaults(world, emulator, told)));
  return {
    seed,
    faults,
    hash: world.trace.hash(),
    changes: world.changes.all.length,
    virtual_ms: world.time.now() - world.begun_at,
  };
}

/** From the first registration until everything has settled, if it does, with what the checks go by. */
async function live(world: World): Promise<Told & { settled: boolean }> {
  const { time, faults, scenario, chance } = world;
  const said: Said[] = [];
  const late: LateWord[] = [];
  const ids = await prepared(world);
  faults.begin();
  const sweeps = startSweeps(world, chance.of("sweeps").between(2_000, 60_000));
  const operator = simulatedOperator({
    ...world,
    chance: chance.of("operator"),
    rows: () => rowsOf(world.changes.current.values()),
  });
  operator.start();
  for (const [index, agent_id] of ids.entries()) {
    const planned = scenario.agents[index];
    if (planned !== undefined)
      void liveAsAgent({ ...world, chance: chance.of(agent_id), planned, said, late }, agent_id);
  }
  const faults_end = time.now() + scenario.faults_ms;
  await time.run(() => time.now() >= faults_end);
  faults.end();
  const settled = await settles(world, sweeps, () => operator.done);
  return { settled, said, late, swept_until: sweeps.until };
}

/** Registers the agents before anything goes wrong, and lets the sweep begin here and not a day ago. */
export async function prepared(world: World): Promise<AgentId[]> {
  const { scenario } = world;
  const ids: AgentId[] = [];
  for (const index of scenario.agents.keys()) ids.push(await alone(world, () => registerAgent(world, index)));
  await alone(world, () => beginSweeping(world));
  return ids;
}

/** Does one thing while nothing else happens, and lets happen too what follows from it at once. */
async function alone<T>({ time, messages, readers }: World, act: () => Promise<T>): Promise<T> {
  let done = false;
  const acting = act().finally(() => {
    done = true;
  });
  await time.run(() => done && messages.underway === 0 && readers.waiting === 0);
  if (!done) throw new Error("It waits for something that is not planned");
  return acting;
}

/** It has settled when a sweep changed nothing: everything stood before it, and stands after it. */
async function settles(world: World, sweeps: Sweeps, allBrought: () => boolean): Promise<boolean> {
  const { time, changes, messages, readers } = world;
  const until = time.now() + SETTLES_WITHIN_MS;
  let stands_since = Number.POSITIVE_INFINITY;
  let settled = false;
  const look = (): void => {
    const moving = !allBrought() || messages.underway > 0 || readers.waiting > 0;
    const stands = !moving && standingFaults(rowsOf(changes.current.values()), sweeps.until).length === 0;
    stands_since = stands ? Math.min(stands_since, time.now()) : Number.POSITIVE_INFINITY;
    settled = stands_since <= sweeps.until;
    time.after(LOOK_MS, look);
  };
  look();
  await time.run(() => settled || time.now() >= until);
  return settled;
}
