import { realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "@omoios/kernel/random";
import { type Client, createClient } from "@omoios/sdk/client";
import { type Activity, activityReader, beginActivity } from "./activity.ts";
import { readBacklog } from "./backlog.ts";
import { type Evidence, exportEvidence, planeReader, readEvidence } from "./evidence.ts";
import { killAgent, killPlane } from "./faults.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { brokenInFaults, brokenInLog, brokenInTasks, type FaultsDone, type LoggedEvent } from "./invariants.ts";
import { digestOfFolder } from "./measure/digest.mjs";
import { fileBacklog, Operator, type Tell } from "./operator.ts";
import { type Plane, type PlaneOptions, startPlane } from "./plane.ts";
import { makeRepository } from "./repository.ts";

const LOOK_MS = 300;

/** What takes minutes by default takes seconds here: until a dead agent's task is free again, and until an idle agent asks again. */
const LIMITS = {
  OMOI_LIMITS__LEASE_SECONDS: "8",
  OMOI_LIMITS__CLAIM_RETRY_AFTER_MS__MOST: "1000",
};

export interface DemoInput {
  data_dir: string;
  port: number;
  plane_kills: number;
  seed: number;
  tell: Tell;
  /** Raised when it took too long, or somebody breaks it off. */
  signal: AbortSignal;
}

export interface DemoOutcome {
  evidence: Evidence;
  events: number;
  plane_kills: number;
  /** The digest of `deploy/current`: the same in every run. */
  built_sha256: string;
  /** Every rule that did not hold, as a sentence. */
  broken: string[];
  /** Still running: whoever called stops it. */
  plane: Plane;
}

/** Runs the demo to its end. What it started is ended when it throws; on success the plane runs on. */
export async function runDemo(input: DemoInput): Promise<DemoOutcome> {
  const { data_dir, port, tell } = input;
  const root = join(data_dir, "demo");
  beginActivity(root);
  await makeRepository(root);
  tell(`made the library's repository in ${root}`);
  const options: PlaneOptions = { data_dir, port, env: LIMITS };
  const holder = { plane: await startPlane(options) };
  tell(`the plane runs at ${holder.plane.stage.url}`);
  let fleet: Fleet | undefined;
  try {
    const { url, api_key } = holder.plane.stage;
    const client = createClient({ url, api_key, retry: { tries: 120, base_ms: 100, cap_ms: 500 } });
    const backlog = readBacklog(new URL("backlog.yaml", import.meta.url));
    await fileBacklog(client, backlog, `demo-${input.seed}`);
    fleet = startFleet(root, holder.plane.stage);
    tell(`filed ${backlog.length} tickets; ${fleet.size} agents start`);
    const ran = await workUntilDone(input, { client, fleet, root, options, holder });
    await fleet.stop();
    return {
      ...(await judge(client, root, holder.plane, { ...ran, wanted_kills: input.plane_kills })),
      plane: holder.plane,
      plane_kills: ran.plane_kills,
    };
  } catch (error) {
    await fleet?.stop();
    await holder.plane.stop();
    throw error;
  }
}

interface Site {
  client: Client;
  fleet: Fleet;
  root: string;
  options: PlaneOptions;
  /** Names the plane that runs now. */
  holder: { plane: Plane };
}

async function workUntilDone(input: DemoInput, { client, fleet, root, options, holder }: Site) {
  const over = new AbortController();
  const signal = AbortSignal.any([input.signal, over.signal]);
  const { told, watched } = watch(root, input.tell);
  const faults = Promise.all([
    killAgent({ fleet, client, activity: watched, tell: input.tell, signal }),
    killPlane({
      kills: input.plane_kills,
      random: seededRandom(input.seed),
      options,
      tell: input.tell,
      signal,
      holder,
    }),
  ]);
  // Its failure is met below, by whoever awaits it; until then it must not end the process.
  faults.catch(() => over.abort());
  try {
    const operator = new Operator(client, input.tell);
    for (;;) {
      told();
      if ((await operator.look()) || signal.aborted) break;
      await sleep(LOOK_MS);
    }
  } finally {
    over.abort();
  }
  const [killed_task, plane_kills] = await faults;
  if (input.signal.aborted) throw new Error(`the demo is not done: ${String(input.signal.reason)}`);
  return { killed_task, plane_kills };
}

/** Two readers of the agents' activity: one tells what is handed in, the other looks for a victim. */
function watch(root: string, tell: Tell): { told: () => void; watched: () => Activity[] } {
  const read = activityReader(root);
  const told = () => {
    for (const { agent, ref, phase_id, step } of read()) {
      if (step === "handed_in") tell(`${agent} hands in ${ref} ${phase_id.replace("PHASE_", "").toLowerCase()}`);
    }
  };
  return { told, watched: activityReader(root) };
}

async function judge(client: Client, root: string, plane: Plane, faults: FaultsDone) {
  const evidence = await readEvidence(planeReader(plane.stage.url, plane.stage.api_key));
  exportEvidence(root, evidence);
  const events = await readLog(client, evidence);
  const returned = evidence.tickets.some(({ history }) =>
    history.some(({ to }, index) => to === "PHASE_DESIGN" && index > 2),
  );
  const broken = [
    ...brokenInLog(events),
    ...brokenInTasks(evidence.tickets.flatMap(({ tasks }) => tasks)),
    ...brokenInFaults(faults),
    ...(returned ? [] : ["no change failed its gate and went back"]),
  ];
  const built = digestOfFolder(realpathSync(join(root, "deploy/current")));
  return { evidence, events: events.length, built_sha256: built.sha256, broken };
}

/** The whole event log, once it tells that every ticket is completed: it is written a moment after the change. */
async function readLog(client: Client, { tickets }: Evidence): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  const missing = new Set(tickets.map(({ ticket_id }) => ticket_id));
  let after: string | undefined;
  for (;;) {
    const page = await client.listEvents({ query: { limit: 100, after } });
    events.push(...page.items);
    for (const { type, subject } of page.items) if (type === "ticket.completed") missing.delete(subject.id);
    if (page.items.length === 0 && missing.size === 0) return events;
    if (page.items.length === 0) await sleep(LOOK_MS);
    after = page.next_cursor ?? after;
  }
}
