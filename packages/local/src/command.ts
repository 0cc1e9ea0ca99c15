import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { noticesOf, readConfiguration } from "@omoios/app/configuration";
import { ConfigurationError } from "@omoios/app/configuration-error";
import { serveFaults } from "./events/serve-faults.ts";
import { openLog, redirectOutput } from "./log-file.ts";
import { type StartWork, startPlane } from "./plane.ts";
import { writePrivate } from "./private-file.ts";
import { codeOf } from "./processes.ts";
import { invocations } from "./profiling/invocations.ts";
import { steadyNow } from "./profiling/profiler.ts";
import { serveProfiles } from "./profiling/serve-profiles.ts";
import { reporter } from "./report.ts";
import { readSettings, type Settings, USAGE } from "./settings.ts";
import { StartError } from "./start-error.ts";

/** What is not done by then is taken up at the next start, as after a kill. */
const STOP_MS = 10_000;

/**
 * `npm start`: the plane until Ctrl-C, or with `--help` how it is called. Prints where it is reached and with which key; what the handlers log goes to
 * `<data-dir>/logs/plane.log`. Ends with 2 and one line, or one for each fault of the configuration, where its user can mend what is wrong.
 */
export async function runPlane(args: string[], work: StartWork): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  try {
    await serve(readSettings(args), work);
    // What a handler left open must not hold the process.
    process.exit(0);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

async function serve({ port, data_dir, config_dir }: Settings, work: StartWork): Promise<void> {
  makeDirectory(data_dir);
  const print = process.stdout.write.bind(process.stdout);
  const log = openLog(join(data_dir, "logs", "plane.log"));
  const restore = redirectOutput(log);
  const stageFile = join(data_dir, "stage.json");
  try {
    const prepare: StartWork["prepare"] = async (...given) => {
      // The directory is ours now: whoever waits for the file must not read the one of the run before.
      rmSync(stageFile, { force: true });
      await work.prepare?.(...given);
    };
    const env = { POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? "INFO" };
    const noted = invocations(steadyNow);
    const plane = await startPlane({ ...work, prepare, port, data_dir, config_dir, env, began: noted.began });
    const { url, operator_key } = plane;
    const profiles = await serveProfiles({ invocations: noted, operator_key, reportError: reporter("profiles") });
    const faults = await serveFaults({ faults: plane.faults, operator_key, reportError: reporter("faults") });
    const stopped = untilInterrupted();
    const doors = { profiles_url: profiles.url, faults_url: faults.url };
    const stage = { url, api_key: operator_key, pid: process.pid, ...doors, config_dir };
    writePrivate(stageFile, `${JSON.stringify(stage)}\n`);
    print(`OmoiOS runs at ${url}\noperator key   ${operator_key}\nkept in        ${data_dir}\nCtrl-C stops it.\n`);
    const configuration = readConfiguration(config_dir, process.env);
    for (const notice of noticesOf(configuration)) print(`${notice}\n`);
    // The plane is up: what cannot be told is no reason to end it.
    const told = await work.notices?.(plane.places, configuration).catch(reporter("notices"));
    for (const notice of told ?? []) print(`${notice}\n`);
    await stopped;
    rmSync(stageFile, { force: true });
    print("Stopping.\n");
    await Promise.race([Promise.all([plane.stop(), profiles.close(), faults.close()]), sleep(STOP_MS)]);
    await work.ended?.();
  } finally {
    restore();
    log.close();
  }
}

function makeDirectory(path: string): void {
  try {
    makeMissing(path);
  } catch (error) {
    throw new StartError(
      `${path} cannot be made (${codeOf(error)}): name a folder that you may write to with --data-dir.`,
    );
  }
}

/** One folder after the other: told to make all of them, Node goes round for ever where the file system takes none, as below /proc. */
function makeMissing(path: string): void {
  if (isDirectory(path)) return;
  if (dirname(path) !== path) makeMissing(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another plane that starts here may have been quicker.
    if (codeOf(error) !== "EEXIST" || !isDirectory(path)) throw error;
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
}
