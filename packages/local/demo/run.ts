import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "../src/ports.ts";
import { isDemoFolder } from "./activity.ts";
import { type DemoOutcome, runDemo } from "./demo.ts";
import { type DemoOptions, readOptions, USAGE } from "./options.ts";
import { answers, readStage } from "./plane.ts";
import { tableOf } from "./report.ts";

/** Empties the place of an earlier demo. Gives what stands against it, where something does. */
async function clear(dataDir: string): Promise<string | undefined> {
  if (!existsSync(dataDir)) return undefined;
  if (!isDemoFolder(join(dataDir, "demo")))
    return `${dataDir} holds no earlier demo: name another folder by --data-dir`;
  const stage = readStage(dataDir);
  if (stage !== undefined && (await answers(stage))) {
    return `a plane runs in ${dataDir} (process ${stage.pid}): stop it, or name another folder by --data-dir`;
  }
  rmSync(dataDir, { recursive: true });
  return undefined;
}

function print({ evidence, events, plane_kills, built_sha256, broken }: DemoOutcome, tasks: number): void {
  console.log(`\n${tableOf(evidence)}\n`);
  console.log(`${tasks} tasks, ${events} events; the plane was killed ${plane_kills} times.`);
  console.log(`deploy/current has the digest ${built_sha256}.`);
  if (broken.length === 0) console.log("Each task has one counted result, and no fence was used twice.");
  for (const sentence of broken) console.error(`broken: ${sentence}`);
}

async function untilInterrupted(url: string): Promise<void> {
  console.log(`The plane goes on at ${url}; Ctrl-C ends it.`);
  await new Promise<void>((done) => process.once("SIGINT", done));
}

async function main(options: DemoOptions): Promise<number> {
  const data_dir = resolve(options["data-dir"]);
  const obstacle = await clear(data_dir);
  if (obstacle !== undefined) {
    console.error(obstacle);
    return 2;
  }
  const begun = performance.now();
  const tell = (message: string) => {
    console.log(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${message}`);
  };
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort("it was interrupted");
  process.once("SIGINT", interrupt);
  const late = setTimeout(() => interrupted.abort(`it took more than ${options.limit} s`), options.limit * 1_000);
  try {
    const outcome = await runDemo({
      data_dir,
      port: options.port ?? (await freePort()),
      plane_kills: options["kill-plane"],
      seed: options.seed,
      tell,
      signal: interrupted.signal,
    });
    tell("every ticket is done");
    const tasks = outcome.evidence.tickets.reduce((sum, ticket) => sum + ticket.tasks.length, 0);
    print(outcome, tasks);
    process.off("SIGINT", interrupt);
    if (options.keep) await untilInterrupted(outcome.plane.stage.url);
    await outcome.plane.stop();
    return outcome.broken.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    clearTimeout(late);
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 2;
}
