/**
 * The rehearsal itself, in a process whose environment knows no other AWS than the emulator: `scripts/rehearse.ts` starts it.
 * Writes its report as JSON to the file named by its first argument.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { namesOf } from "../../stacks/names.ts";
import { buildFunctions } from "../build.ts";
import { makeOperatorKey } from "../operator-key.ts";
import { templatesIn } from "../templates.ts";
import { ensureTokenKeys } from "../token-keys.ts";
import { denials, holdings, stackChanges } from "./account.ts";
import { loadMainFlow } from "./flow.ts";
import { MINISTACK } from "./python.ts";
import { figuresOf, NOT_SHOWN, printed, type Report, rounded } from "./report.ts";
import { outputOf, sst } from "./sst.ts";

const STAGE = "rehearsal";
const root = resolve(import.meta.dirname, "..", "..");
const names = namesOf(STAGE);
const seconds: Record<string, number> = {};

async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  process.stdout.write(`${name} …`);
  const result = await run();
  seconds[name] = rounded((performance.now() - began) / 1000);
  console.log(` ${seconds[name]} s`);
  return result;
}

async function rehearse(): Promise<Report> {
  const mainFlow = await loadMainFlow(root);
  // SST adds to this folder; templates of stacks that are gone would stand in the report.
  const assembly = join(root, ".sst", "dist");
  rmSync(assembly, { recursive: true, force: true });
  const functions = await step("build", () => buildFunctions({ root, out_dir: join(root, ".build", "functions") }));
  await step("secret", () => ensureTokenKeys(STAGE));
  await step("first deploy", () => sst("deploy", STAGE, root));
  const templates = templatesIn(assembly, STAGE);
  const operator_key = await step("operator", () => makeOperatorKey(STAGE));
  await step("main flow", () => mainFlow({ url: urlOfApi(), operator_key }));
  const denied = await denials(STAGE);
  if (denied.length > 0) throw new Error(`Functions lack rights:\n${denied.join("\n")}`);
  const before = await stackChanges();
  await step("second deploy", () => sst("deploy", STAGE, root));
  const changed = changesBetween(before, await stackChanges());
  await step("remove", () => sst("remove", STAGE, root));
  return {
    ministack: MINISTACK,
    flow: "passed",
    seconds,
    functions_kib: Object.fromEntries(Object.entries(functions).map(([name, kib]) => [name, rounded(kib)])),
    ...figuresOf(templates),
    changed_by_second_deploy: changed,
    remains: await holdings(),
    not_shown: NOT_SHOWN,
  };
}

const changesBetween = (before: Record<string, string>, after: Record<string, string>) =>
  Object.keys({ ...before, ...after }).filter((name) => after[name] !== before[name]);

/** The emulator serves every API under its own address. */
function urlOfApi(): string {
  const id = outputOf(root, names.stack("api"), "apiid");
  return `${process.env.AWS_ENDPOINT_URL}/_aws/execute-api/${id}`;
}

const [file] = process.argv.slice(2);
if (!file) throw new Error("Name the file for the report.");
const report = await rehearse();
writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
console.log(`\n${printed(report)}`);
if (report.changed_by_second_deploy.length > 0) {
  console.error("Deploying the same thing again must change nothing.");
  process.exitCode = 1;
}
