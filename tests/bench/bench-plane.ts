import type { TimerMessage } from "@omoios/contracts/jobs";
import { functions, schedules } from "@omoios/contracts/topology";
import type { FunctionName } from "@omoios/contracts/topology-types";
import type { Handler } from "@omoios/local/invoke";
import { type Plane, type PlaneOptions, startPlane } from "@omoios/local/plane";
import { type Client, createClient } from "@omoios/sdk/client";
import type { Context } from "aws-lambda";
import { metered, noUse, startMeter, type Use } from "./meter.ts";

/** One call of a function. */
export interface Invocation {
  function: FunctionName;
  /** Wall time of the handler, as Lambda bills it. */
  took_ms: number;
  /** Records of its event; 1 for a call of the API or of a schedule. */
  records: number;
  use: Use;
}

export interface BenchPlane extends Plane {
  /** Calls with the operator's key. */
  operator: Client;
  /** Every call of a function since the start, or since `invocations.splice(0)`, but those that come by the clock. */
  invocations: Invocation[];
  /** Calls at work. */
  busy(): number;
  /** Calls a function by itself. */
  call(name: FunctionName, event: unknown): Promise<Invocation>;
}

const ROOT = new URL("../../", import.meta.url);

/** Starts the whole plane in this process, with each of its functions metered. */
export async function startBenchPlane(options: Partial<PlaneOptions> = {}): Promise<BenchPlane> {
  startMeter();
  const invocations: Invocation[] = [];
  const handlers = new Map<FunctionName, Handler>();
  let busy = 0;
  const load = async (entry: string): Promise<{ handler: Handler }> => {
    const { name } = rowOf(entry);
    const { handler } = (await import(new URL(entry, ROOT).href)) as { handler: Handler };
    handlers.set(name, handler);
    return {
      handler: async (event, context) => {
        if (isClockwork(name, event)) return handler(event, context);
        busy += 1;
        try {
          return await invoke(name, handler, event, context, invocations);
        } finally {
          busy -= 1;
        }
      },
    };
  };
  const plane = await startPlane({
    port: 0,
    config_dir: new URL("config", ROOT).pathname,
    load,
    prepare: async (places, operatorKey) => (await import("@omoios/app/stage")).prepareStage(places, operatorKey),
    ...options,
    // Its agents do not beat while others of its measures take their minutes.
    env: { OMOI_LIMITS__HEARTBEAT_IDLE_SECONDS: "86400", ...options.env },
  });
  const operator = createClient({ url: plane.url, api_key: plane.operator_key });
  const call = async (name: FunctionName, event: unknown): Promise<Invocation> => {
    const handler = handlers.get(name);
    if (handler === undefined) throw new Error(`The plane has loaded no function ${name}`);
    const calls: Invocation[] = [];
    await invoke(name, handler, event as never, {} as Context, calls);
    const [made] = calls;
    if (made === undefined) throw new Error(`${name} was not called`);
    return made;
  };
  return { ...plane, operator, invocations, busy: () => busy, call };
}

/** What runs by schedule and the judgement of heartbeats between two sweeps: they come by the clock, whatever is done, and are the bill of a stage at rest. */
function isClockwork(name: FunctionName, event: unknown): boolean {
  if (schedules.some((row) => row.function === name)) return true;
  const { Records = [] } = event as { Records?: { body?: string }[] };
  return name === "timers" && Records.every(({ body }) => (JSON.parse(body ?? "{}") as TimerMessage).kind === "ladder");
}

function rowOf(entry: string) {
  const row = functions.find((each) => each.entry === entry);
  if (row === undefined) throw new Error(`The topology has no function with the entry ${entry}`);
  return row;
}

/** Calls a handler and adds what the call was to the list, whether or not it went well. */
async function invoke(name: FunctionName, handler: Handler, event: never, context: Context, list: Invocation[]) {
  const use = noUse();
  const { Records: records = [event] } = event as { Records?: unknown[] };
  const started = performance.now();
  try {
    return await metered(use, () => handler(event, context));
  } finally {
    list.push({ function: name, took_ms: performance.now() - started, records: records.length, use });
  }
}
