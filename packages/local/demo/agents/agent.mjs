import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deploy } from "./steps/deployment.mjs";
import { design } from "./steps/design.mjs";
import { implement } from "./steps/implementation.mjs";
import { packageChange } from "./steps/packaging.mjs";
import { writeRequirements } from "./steps/requirements.mjs";
import { testBundle } from "./steps/testing.mjs";
import { handIn, openShop } from "./task.mjs";

/** Every step may be repeated: a second attempt finds what the first one left, and goes on from there. */
const STEPS = {
  PHASE_REQUIREMENTS: writeRequirements,
  PHASE_DESIGN: design,
  PHASE_IMPLEMENTATION: implement,
  PHASE_BUILDING_DONE: packageChange,
  PHASE_TESTING: testBundle,
  PHASE_DEPLOYMENT: deploy,
};

const { values } = parseArgs({
  options: {
    root: { type: "string" },
    agent: { type: "string", default: "agent" },
    changes: { type: "string", default: fileURLToPath(new URL("../changes", import.meta.url)) },
  },
});
if (!values.root) throw new Error("--root is missing: the demo's folder");

const shop = openShop({ root: values.root, agent: values.agent, changes: values.changes });
const step = STEPS[/** @type {keyof typeof STEPS} */ (shop.task.phase_id)];
if (!step) throw new Error(`no step for ${shop.task.phase_id}: this agent works ${Object.keys(STEPS).join(", ")}`);

shop.record("started");
const result = await step(shop);
shop.record("handed_in");
handIn(result);
rmSync(shop.scratch, { recursive: true, force: true });
shop.progress(100, result.output.summary);
