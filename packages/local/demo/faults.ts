import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "@omoios/kernel/random";
import type { Client } from "@omoios/sdk/client";
import type { Activity } from "./activity.ts";
import type { Fleet } from "./fleet.ts";
import type { Tell } from "./operator.ts";
import { type Plane, type PlaneOptions, startPlane } from "./plane.ts";

const LOOK_MS = 20;

interface AgentFault {
  fleet: Fleet;
  client: Client;
  /** What agents did since the last call. */
  activity: () => Activity[];
  tell: Tell;
  signal: AbortSignal;
}

/**
 * Kills an agent in the middle of a task: a developer whose tests are running. Gives the task, once the plane has taken it
 * from the dead agent; `undefined` where there was no opportunity before the signal was raised.
 */
export async function killAgent({ fleet, client, activity, tell, signal }: AgentFault): Promise<string | undefined> {
  while (!signal.aborted) {
    const victim = atWork(activity());
    if (victim === undefined) {
      await sleep(LOOK_MS);
      continue;
    }
    await fleet.kill(victim.agent);
    tell(`${victim.agent} is killed while it tests ${victim.ref}`);
    if (await isTakenBack(client, victim.task_id, signal)) {
      tell(`the plane takes ${victim.ref} back from ${victim.agent}`);
      return victim.task_id;
    }
    // It had handed in its result already. Another one of its role takes its place, and the next opportunity is awaited.
    fleet.replace(victim.agent);
  }
  return undefined;
}

/** The last agent that runs its tests and has not handed in since. */
export function atWork(entries: Activity[]): Activity | undefined {
  const last = entries.at(-1);
  const testing = entries.findLast(({ step }) => step === "testing");
  if (testing === undefined || last === undefined) return undefined;
  const over = entries
    .slice(entries.indexOf(testing))
    .some((entry) => entry.agent === testing.agent && entry.step === "handed_in");
  return over ? undefined : testing;
}

async function isTakenBack(client: Client, task_id: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const { items } = await client.listTaskAttempts({ params: { task_id } });
    if (items.some(({ outcome }) => outcome === "lease_lost")) return true;
    if (items.some(({ outcome }) => outcome === "completed")) return false;
    await sleep(200);
  }
  return false;
}

interface PlaneFault {
  kills: number;
  random: Random;
  options: PlaneOptions;
  tell: Tell;
  signal: AbortSignal;
  /** Names the plane that runs now: here it is changed. */
  holder: { plane: Plane };
}

/** Ten of the longest waits are less than the agents' work takes, so that ten kills always come while it lasts. */
const KILL_AFTER_MS = { least: 200, most: 2_000 };

/** Kills the plane at random moments and starts it again each time. Gives how often it did. */
export async function killPlane({ kills, random, options, tell, signal, holder }: PlaneFault): Promise<number> {
  let killed = 0;
  while (killed < kills && !signal.aborted) {
    await sleep(KILL_AFTER_MS.least + random() * (KILL_AFTER_MS.most - KILL_AFTER_MS.least));
    if (signal.aborted) break;
    await holder.plane.kill();
    killed += 1;
    holder.plane = await startPlane(options);
    tell(`the plane was killed (${killed} of ${kills}) and runs again`);
  }
  return killed;
}
