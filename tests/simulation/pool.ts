import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MutationName } from "./mutations.ts";
import type { Outcome } from "./simulate.ts";
import type { Order, Reply } from "./worker.ts";

export interface Runs {
  seeds: readonly number[];
  /** Processes side by side, each with an emulator of its own. */
  workers: number;
  mutation?: MutationName;
  /** The worker's bundle; it runs from source unless given. */
  program?: string;
  /** Is told of each seed as it ends; by true no further one is begun. */
  ended(outcome: Outcome): boolean;
}

const SOURCE = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Runs seeds in processes of their own. Throws where the simulation itself breaks, with the seed. */
export async function runSeeds({ seeds, workers, mutation, program, ended }: Runs): Promise<void> {
  const left = [...seeds];
  const lane = async (): Promise<void> => {
    if (left.length === 0) return;
    const worker = fork(program ?? SOURCE, {
      execArgv: program === undefined ? ["--import", "tsx"] : [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    try {
      await message(worker);
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        worker.send({ seed, mutation } satisfies Order);
        const reply = (await message(worker)) as Reply;
        if ("failed" in reply) throw new Error(`Seed ${seed} broke the simulation: ${reply.failed}`);
        if (ended(reply.outcome)) left.length = 0;
      }
    } finally {
      await end(worker);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, seeds.length) }, lane));
}

function message(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null) =>
      reject(new Error(`A worker of the simulation ended by itself, with ${signal ?? code}`));
    worker.once("exit", gone);
    worker.once("message", (given) => {
      worker.off("exit", gone);
      resolve(given);
    });
  });
}

/** The worker stops its emulator and ends when its parent lets go of it. */
async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.disconnect();
  await gone;
}
