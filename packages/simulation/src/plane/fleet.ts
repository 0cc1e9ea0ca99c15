import type { functions } from "@omoios/contracts/topology";
import type { Chance } from "../chance.ts";
import type { Trace } from "../trace.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Instance } from "./instances.ts";

type FunctionName = (typeof functions)[number]["name"];

/** How a call of a function ended: with a value, with an error, or with the end of its process. */
type Ending<T> = { ended: "returned"; value: T } | { ended: "threw"; error: unknown } | { ended: "died" };

/** Runs functions in processes, as Lambda does: one call at a time in each, warm ones first. */
export interface Fleet {
  invoke<T>(name: FunctionName, act: (instance: Instance) => Promise<T>): Promise<Ending<T>>;
  /** Calls that have not ended. */
  readonly running: number;
}

interface FleetParts {
  time: VirtualTime;
  chance: Chance;
  trace: Trace;
  make(name: string): Instance;
  /** On one machine all functions share one process, which works on many calls at a time and takes all of them with it. */
  one_machine: boolean;
}

/** How long a machine takes to start the plane again. */
const RESTART_MS = 1_000;

export function fleetOf(parts: FleetParts): Fleet {
  const idle = parts.one_machine ? sharedProcess(parts) : ownProcesses(parts);
  let running = 0;
  return {
    get running() {
      return running;
    },
    async invoke(name, act) {
      running++;
      try {
        const { instance, leave } = await idle(name);
        const died = new Promise<Ending<never>>((resolve) =>
          instance.process.onDeath(() => resolve({ ended: "died" })),
        );
        const done = act(instance).then(
          (value) => ({ ended: "returned" as const, value }),
          (error: unknown) => ({ ended: "threw" as const, error }),
        );
        const ending = await Promise.race([done, died]);
        leave();
        parts.trace.note(`${parts.time.now()} ${instance.process.name} ${ending.ended}`);
        return ending;
      } finally {
        running--;
      }
    },
  };
}

type Idle = (name: FunctionName) => Promise<{ instance: Instance; leave: () => void }>;

function ownProcesses({ chance, make }: FleetParts): Idle {
  const warm = new Map<FunctionName, Instance[]>();
  let made = 0;
  return async (name) => {
    const instances = (warm.get(name) ?? []).filter(({ process }) => !process.dead);
    const at = chance.between(0, instances.length - 1);
    const [instance = make(`${name}.${made++}`)] = instances.length === 0 ? [] : instances.splice(at, 1);
    warm.set(name, instances);
    return { instance, leave: () => warm.get(name)?.push(instance) };
  };
}

function sharedProcess({ time, make }: FleetParts): Idle {
  let instance: Instance | undefined;
  let made = 0;
  let down_until = 0;
  return async () => {
    if (instance?.process.dead) {
      instance = undefined;
      down_until = time.now() + RESTART_MS;
    }
    if (down_until > time.now()) await time.sleep(down_until - time.now());
    instance ??= make(`machine.${made++}`);
    return { instance, leave: () => undefined };
  };
}
