import { ApiProblem } from "@omoios/sdk/api-problem";
import { createClient } from "@omoios/sdk/client";
import { stackChanges } from "./account.ts";
import { killedDeploy, type SstOptions, sst } from "./sst.ts";
import type { WorkedStage } from "./trials.ts";

/** Stacks that a deployment has made when it is killed. */
const KILLED_WITH = 2;

const stacksOf = async (stage: string): Promise<string[]> =>
  Object.keys(await stackChanges()).filter((name) => name.startsWith(`${stage}-omoios-`));

/**
 * Deploys a stage, kills the deployment in its middle, and deploys again.
 * @returns how many stacks there were when it was killed, and how many in the end
 */
export async function repairedDeploy(stage: string, options: SstOptions) {
  await killedDeploy(stage, options, async () => (await stacksOf(stage)).length >= KILLED_WITH);
  const stacks_when_killed = (await stacksOf(stage)).length;
  await sst("deploy", stage, options);
  const stacks = (await stacksOf(stage)).length;
  if (stacks_when_killed >= stacks)
    throw new Error(`All ${stacks} stacks were there before the deployment was killed.`);
  return { stacks_when_killed, stacks };
}

/** @throws unless each of two stages answers for itself, with keys and tickets of its own */
export async function checkApart(one: WorkedStage, other: WorkedStage): Promise<void> {
  const [mine, its] = [one, other].map(({ url, operator_key: api_key }) => createClient({ url, api_key }));
  if (!mine || !its) throw new Error("Two stages are needed.");
  const { ticket_id } = await mine.createTicket({ body: { title: "Of one stage" } });
  await mine.getTicket({ params: { ticket_id } });
  await refuses(404, its.getTicket({ params: { ticket_id } }));
  await refuses(401, createClient({ url: other.url, api_key: one.operator_key }).whoami());
  const stages = await Promise.all([mine, its].map(async (client) => (await client.health()).stage));
  const expected = [one, other].map(({ names }) => names.stage);
  if (stages.join() !== expected.join()) throw new Error(`The stages call themselves ${stages.join(" and ")}.`);
}

async function refuses(status: number, call: Promise<unknown>): Promise<void> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof ApiProblem && outcome.status === status) return;
  throw new Error(`What belongs to one stage was not refused by the other with ${status}, but: ${String(outcome)}`);
}
