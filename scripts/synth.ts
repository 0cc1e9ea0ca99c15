import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { functionsDir } from "../stacks/built-functions.ts";
import { checkedApp } from "../stacks/checked-app.ts";
import { makePlane } from "../stacks/plane.ts";
import { buildFunctions } from "./build.ts";
import { templatesIn } from "./templates.ts";

const root = resolve(import.meta.dirname, "..");

/** Builds the functions and writes the templates of a stage to `cdk.out/`. Throws on a finding, which the CDK has printed by then. */
async function synth(stage: string): Promise<void> {
  const functions_dir = functionsDir(root);
  await buildFunctions({ root, out_dir: functions_dir });
  const out_dir = join(root, "cdk.out");
  rmSync(out_dir, { recursive: true, force: true });
  const app = checkedApp(out_dir);
  makePlane(app, { root, stage, functions_dir });
  app.synth();
  for (const { stack, resources, kib } of templatesIn(out_dir, stage)) {
    const count = Object.values(resources).reduce((sum, n) => sum + n, 0);
    console.log(`${stack.padEnd(32)}${String(count).padStart(4)} resources${kib.toFixed(1).padStart(8)} KiB`);
  }
  console.log("No findings of the template validator or of cdk-nag's AwsSolutions rules.");
}

const { values } = parseArgs({ options: { stage: { type: "string" } } });
if (!values.stage) {
  console.error("Name the stage: npm run synth -- --stage dev");
  process.exit(2);
}
try {
  await synth(values.stage);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
