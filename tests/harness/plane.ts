import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareStage, republish } from "@omoios/app/stage";
import { environmentNames } from "@omoios/contracts/places";
import type { Handler } from "@omoios/local/invoke";
import { type Plane, startPlane } from "@omoios/local/plane";
import { type Agent, createAgent } from "@omoios/sdk/agent";
import { type Client, createClient } from "@omoios/sdk/client";
import { type Registration, registerAgent } from "@omoios/sdk/register-agent";
import { heldFetch } from "./held-to-table.ts";

const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));

export interface TestPlane extends Plane {
  /** Calls as the operator. */
  operator: Client;
  /** Registers a worker, sends its first heartbeat, and gives its client. */
  agent(registration?: Partial<Registration>): Promise<Agent>;
}

/**
 * Agents of tests beat when they start and, most of them, no more: nobody takes them for dead, however slow the machine is. Tests of
 * silence set their own.
 */
const PATIENT = { heartbeat_idle_seconds: 900, heartbeat_running_seconds: 900 };

/** The functions that act because time passes. */
const SWEEP = "functions/schedules/sweep.ts";
const CLOCKWORK = ["functions/timers/due.ts", SWEEP];
const ROOT = new URL("../../", import.meta.url);

/** Planes that this process has started. Functions open theirs when they are imported, so each plane imports them anew. */
let started = 0;

export interface TestPlaneOptions {
  /** Timers and the sweep do nothing, so that whatever changes follows from a request. */
  timeless?: boolean;
  /** The sweep does nothing, so that what is due is the doing of a timer. */
  sweepless?: boolean;
  /** Another configuration than the shipped one. */
  config?: string;
  /** Agents that fail are restarted, as the shipped policy has it; elsewhere what they do is looked at by itself. */
  restarting?: boolean;
  /** What the calls of a function run in, by its entry: to come before them, or to see what they ask for. */
  around?: Record<string, (call: () => Promise<unknown>) => Promise<unknown>>;
  /** Claims that may wait for work at a time: as on one machine unless given. */
  waiting_claims?: number;
  /** Any free one of 127.0.0.1 unless given. */
  port?: number;
  /** Where everything is kept, for a plane after this one. */
  data_dir?: string;
}

/**
 * The whole plane in this process, in a temporary directory, with the shipped configuration. A process holds one at a time.
 * @param limits values of `limits.yaml` for this plane: `{ lease_seconds: 2 }`
 */
export async function startTestPlane(
  limits: Record<string, number> = {},
  options: TestPlaneOptions = {},
): Promise<TestPlane> {
  const { timeless = false, sweepless = false, restarting = false, config = CONFIG } = options;
  const { around = {}, waiting_claims } = options;
  const set = Object.entries({ ...PATIENT, ...limits }).map(([name, value]) => [
    `OMOI_LIMITS__${name.toUpperCase()}`,
    String(value),
  ]);
  const env: Record<string, string> = Object.fromEntries(set);
  if (config === CONFIG && !restarting) env.OMOI_WATCHDOG__WORKER_RESTART__ENABLED = "false";
  if (waiting_claims !== undefined) env[environmentNames.waitingClaims] = String(waiting_claims);
  started += 1;
  const still = timeless ? CLOCKWORK : sweepless ? [SWEEP] : [];
  const plane = await startPlane({
    port: options.port ?? 0,
    ...(options.data_dir === undefined ? {} : { data_dir: options.data_dir }),
    config_dir: config,
    env,
    prepare: prepareStage,
    load: async (entry) => {
      if (still.includes(entry)) return { handler: async () => undefined };
      const loaded: { handler: Handler } = await import(`${new URL(entry, ROOT).href}?plane=${started}`);
      const run = around[entry];
      return run === undefined ? loaded : { handler: (...given) => run(() => loaded.handler(...given)) };
    },
    republish: async (places) => {
      await republish(places);
    },
  });
  return { ...plane, ...clientsOf(plane) };
}

export interface ChangingPlane {
  plane: TestPlane;
  /** Starts the plane anew with other limits, at the same address and with what it stored. Clients go on. */
  change(limits: Record<string, number>): Promise<void>;
  stop(): Promise<void>;
}

/** A plane for tests that need two settings, one after the other: limits that lapse at once would end what the others do, too. */
export async function startChangingPlane(
  limits: Record<string, number> = {},
  options: TestPlaneOptions = {},
): Promise<ChangingPlane> {
  const data_dir = mkdtempSync(join(tmpdir(), "omoi-changing-"));
  const changing = {
    plane: await startTestPlane(limits, { ...options, data_dir }),
    async change(others: Record<string, number>) {
      await changing.plane.stop();
      const port = Number(new URL(changing.plane.url).port);
      changing.plane = await startTestPlane(others, { ...options, data_dir, port });
    },
    async stop() {
      await changing.plane.stop();
      rmSync(data_dir, { recursive: true, force: true });
    },
  };
  return changing;
}

/** The operator's client of a plane, and what gives an agent's. */
export function clientsOf({ url, operator_key }: { url: string; operator_key: string }) {
  const operator = createClient({ url, api_key: operator_key, fetch: heldFetch });
  const agent = async (registration: Partial<Registration> = {}): Promise<Agent> => {
    const { identity } = await registerAgent(operator, { ...WORKER, ...registration });
    const started = createAgent({ url, ...identity, fetch: heldFetch });
    await started.start();
    return started;
  };
  return { operator, agent };
}

const WORKER: Registration = { agent_type: "worker", phase_ids: ["PHASE_BACKLOG"], capabilities: [], version: "1.0.0" };
