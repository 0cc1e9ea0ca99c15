import { parseArgs } from "node:util";
import { startDatabase } from "@omoios/simulation/database";
import { MUTATIONS, type MutationName } from "./mutations.ts";
import { runSeeds } from "./pool.ts";
import { type Outcome, simulate } from "./simulate.ts";

const USAGE = `npm run simulate -- [--seeds 1000] [--from 1] [--workers 2]
npm run simulate -- --seed N [--trace]
  --seeds N      how many seeds, one after another from --from
  --workers N    processes side by side, each with an emulator of its own
  --seed N       one seed alone; --trace prints everything that happens in it
  --mutation M   a build without some condition, which must fail: ${Object.keys(MUTATIONS).join(", ")}`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    mutation: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** A whole number of at least 1, or the end with a plain message. */
function numberOf(name: "seeds" | "from" | "workers" | "seed"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  return refuse(`--${name} must be a whole number of at least 1; it is ${values[name]}.`);
}

function mutationOf(): MutationName | undefined {
  const { mutation } = values;
  if (mutation === undefined || mutation in MUTATIONS) return mutation as MutationName | undefined;
  return refuse(`--mutation must be one of ${Object.keys(MUTATIONS).join(", ")}; it is ${mutation}.`);
}

function refuse(why: string): never {
  console.error(`${why}\n\n${USAGE}`);
  process.exit(2);
}

function show({ seed, faults, hash, changes, virtual_ms }: Outcome): void {
  const verdict = faults.length === 0 ? "holds" : "FAILS";
  console.log(`seed ${seed} ${verdict}: trace ${hash}, ${changes} changes, ${virtual_ms / 1000} s of its time`);
  for (const fault of faults) console.log(`  ${fault}`);
}

async function runOne(seed: number): Promise<number> {
  const mutation = mutationOf();
  const database = startDatabase();
  try {
    const print = values.trace ? (line: string) => console.log(line) : undefined;
    const outcome = await simulate(database, seed, { print, ...(mutation === undefined ? {} : MUTATIONS[mutation]) });
    show(outcome);
    return outcome.faults.length;
  } finally {
    await database.stop();
  }
}

async function runMany(): Promise<number> {
  const [count, from, mutation, begun] = [numberOf("seeds"), numberOf("from"), mutationOf(), performance.now()];
  const failed: number[] = [];
  let passed = 0;
  await runSeeds({
    seeds: Array.from({ length: count }, (_, index) => from + index),
    workers: numberOf("workers"),
    ...(mutation === undefined ? {} : { mutation }),
    ended(outcome) {
      if (outcome.faults.length === 0) passed++;
      else {
        failed.push(outcome.seed);
        show(outcome);
      }
      if ((passed + failed.length) % 50 === 0)
        console.log(`${passed + failed.length} of ${count} seeds, ${seconds(begun)} s`);
      return false;
    },
  });
  const which =
    failed.length === 0 ? "" : `: ${failed.join(", ")}; see one by: npm run simulate -- --seed ${failed[0]} --trace`;
  console.log(`${passed} of ${count} seeds hold, ${failed.length} fail${which} (${seconds(begun)} s)`);
  return failed.length;
}

const seconds = (begun: number): number => Math.round((performance.now() - begun) / 1000);

if (values.help) console.log(USAGE);
else process.exitCode = (await (values.seed === undefined ? runMany() : runOne(numberOf("seed")))) === 0 ? 0 : 1;
