/**
 * The rehearsal itself, in a process whose environment knows no other AWS than the emulator: `scripts/rehearse.ts` starts it.
 * Writes its report as JSON to the file named by its first argument, also when it fails, and what it needs beside into the folder named
 * by the second.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { functionsDir } from "../../stacks/built-functions.ts";
import { namesOf } from "../../stacks/names.ts";
import { buildFunctions } from "../build.ts";
import { makeOperatorKey } from "../operator-key.ts";
import { ensureStageKeys } from "../stage-keys.ts";
import { templatesIn } from "../templates.ts";
import { holdings, outputOf, stackChanges } from "./account.ts";
import { alarmArrives, alertArrives, configWithReceiver } from "./alerting.ts";
import { CHANGED, changedSettings } from "./changed-settings.ts";
import { doctorIsContent } from "./doctor.ts";
import { loadMainFlow } from "./flow.ts";
import { checkLogs, checkMemory, scheduleRan } from "./observations.ts";
import { MINISTACK } from "./python.ts";
import { figuresOf, NOT_SHOWN, printed, type Report } from "./report.ts";
import { tryWithout } from "./rights.ts";
import { sst } from "./sst.ts";
import { rounded, Steps } from "./steps.ts";
import { trialsOf, type WorkedStage } from "./trials.ts";
import { checkApart, repairedDeploy } from "./twin.ts";

const STAGE = "rehearsal";
const TWIN = "rehearsal-twin";
const root = resolve(import.meta.dirname, "..", "..");
const names = namesOf(STAGE);
const steps = new Steps();
const [file, scratch] = process.argv.slice(2);
if (!file || !scratch) throw new Error("Name the file for the report and a folder.");

const report: Report = {
  ministack: MINISTACK,
  outcome: "passed",
  flow: "not run",
  alerting: "not run",
  seconds: steps.seconds,
  whole_seconds: 0,
  functions_kib: {},
  ...figuresOf([]),
  changed_by_second_deploy: [],
  changed_by_changed_deploy: [],
  refused_without: {},
  interrupted: { stacks_when_killed: 0, stacks: 0 },
  remains: [],
  not_shown: NOT_SHOWN,
};

async function rehearse(scratch: string): Promise<void> {
  const mainFlow = await loadMainFlow(root);
  // SST adds to this folder; templates of stacks that are gone would stand in the report.
  const assembly = join(root, ".sst", "dist");
  rmSync(assembly, { recursive: true, force: true });
  const config_dir = configWithReceiver(root, join(scratch, "config"));
  const built = await steps.take("build", () => buildFunctions({ root, out_dir: functionsDir(root), config_dir }));
  report.functions_kib = Object.fromEntries(Object.entries(built).map(([name, kib]) => [name, rounded(kib)]));
  await steps.take("secret", () => ensureStageKeys(STAGE));
  await steps.take("doctor", () => doctorIsContent(STAGE, root));
  await steps.take("first deploy", () => sst("deploy", STAGE, { root }));
  Object.assign(report, figuresOf(templatesIn(assembly, STAGE)));
  const stage = await steps.take("operator", () => opened(STAGE));
  report.flow = "failed";
  await steps.take("main flow", () => mainFlow(stage));
  report.flow = "passed";
  report.alerting = "failed";
  await steps.take("alert", () => alertArrives(stage));
  await steps.take("alarm", () => alarmArrives(stage));
  report.alerting = "passed";
  await steps.take("schedule", () => scheduleRan(names));
  await steps.take("logs", () => checkLogs(names, assembly, stage.operator_key));

  const same = await steps.take("second deploy", () => changesBy(() => sst("deploy", STAGE, { root })));
  report.changed_by_second_deploy = same;
  if (same.length > 0) throw new Error(`Deploying the same thing again changed ${same.join(", ")}.`);

  const stages_file = changedSettings(root, STAGE, TWIN, join(scratch, "stages.yaml"));
  const changed = await steps.take("changed deploy", () =>
    changesBy(() => sst("deploy", STAGE, { root, stages_file })),
  );
  report.changed_by_changed_deploy = changed;
  if (changed.join() !== names.stack(CHANGED.stack))
    throw new Error(`Other memory for one function changed ${changed}.`);
  await checkMemory(names, CHANGED);

  await steps.take("rights", () => loseRights(stage));
  await besideTwin(stage, stages_file);
  await steps.take("remove", () => sst("remove", STAGE, { root, stages_file }));
  report.remains = await holdings();
}

/** Stacks of the stage that a deployment changed. */
async function changesBy(deploy: () => Promise<void>): Promise<string[]> {
  const before = await stackChanges();
  await deploy();
  const after = await stackChanges();
  return Object.keys({ ...before, ...after }).filter((name) => after[name] !== before[name]);
}

/** A deployed stage with its first operator. The emulator serves every API under its own address. */
async function opened(stage: string): Promise<WorkedStage> {
  const names = namesOf(stage);
  const id = await outputOf(names.stack("api"), "apiid");
  const url = `${process.env.AWS_ENDPOINT_URL}/_aws/execute-api/${id}`;
  return { names, url, operator_key: await makeOperatorKey(stage) };
}

async function loseRights(stage: WorkedStage): Promise<void> {
  for (const trial of await trialsOf(stage)) {
    await tryWithout(trial, names.function(trial.function));
    report.refused_without[trial.function] = trial.right;
  }
}

/** A second stage is made by a deployment that is killed and one that repairs it, and goes again; the first stays as it is. */
async function besideTwin(stage: WorkedStage, stages_file: string): Promise<void> {
  const options = { root, stages_file };
  const ours = ([name]: [string, string]) => name.startsWith(names.stack(""));
  const before = Object.entries(await stackChanges()).filter(ours);
  await ensureStageKeys(TWIN);
  report.interrupted = await steps.take("interrupted deploy", () => repairedDeploy(TWIN, options));
  await steps.take("side by side", async () => checkApart(stage, await opened(TWIN)));
  await steps.take("remove twin", () => sst("remove", TWIN, options));
  const after = Object.entries(await stackChanges()).filter(ours);
  if (JSON.stringify(after) !== JSON.stringify(before))
    throw new Error("The twin changed the stacks of the first stage.");
}

try {
  await rehearse(scratch);
} catch (error) {
  report.outcome = `failed: ${error instanceof Error ? error.message : error}`;
  process.exitCode = 1;
}
report.whole_seconds = steps.whole();
writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
if (report.outcome === "passed") console.log(`\n${printed(report)}`);
else console.error(`\n${report.outcome}`);
