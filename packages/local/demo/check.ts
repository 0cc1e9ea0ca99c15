import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "../src/ports.ts";
import { readBacklog } from "./backlog.ts";
import { checkEvidence } from "./check/check-evidence.ts";
import { exportDifferences } from "./check/export.ts";
import { type Evidence, planeReader, readEvidence, readExport } from "./evidence.ts";
import { answers, readStage, startPlane } from "./plane.ts";

const USAGE = `Usage: npm run demo:check -- [--data-dir DIR] [--offline]

Recomputes what the demo's tickets claim, from the repository, the bundles and the deployed folder.
--data-dir DIR   where the demo ran (.omoi/demo)
--offline        judge evidence.json alone; otherwise the plane of that folder is asked too, and started for it if need be
Exit codes: 0 everything holds, 1 something differs, 2 wrong use.`;

const { values } = parseArgs({
  options: {
    "data-dir": { type: "string", default: ".omoi/demo" },
    offline: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Asks the plane of a data directory, which is started and stopped again where it does not run. */
async function askPlane(dataDir: string): Promise<Evidence> {
  const running = readStage(dataDir);
  if (running !== undefined && (await answers(running))) return readEvidence(planeReader(running.url, running.api_key));
  const plane = await startPlane({ data_dir: dataDir, port: await freePort(), env: {} });
  try {
    return await readEvidence(planeReader(plane.stage.url, plane.stage.api_key));
  } finally {
    await plane.stop();
  }
}

async function check(dataDir: string): Promise<number> {
  const root = join(dataDir, "demo");
  if (!existsSync(join(root, "evidence.json"))) {
    console.error(`${root} holds no finished demo: run "npm run demo" first, or name its folder by --data-dir`);
    return 2;
  }
  const exported = readExport(root);
  const held = values.offline ? exported : await askPlane(dataDir);
  const refs = readBacklog(new URL("backlog.yaml", import.meta.url)).map(({ ref }) => ref);
  const differences = [
    ...exportDifferences(held, exported),
    ...(await checkEvidence(root, held, refs, (message) => console.log(`checking ${message}`))),
  ];
  for (const difference of differences) console.error(`differs: ${difference}`);
  console.log(
    differences.length === 0
      ? `The evidence of ${held.tickets.length} tickets holds.`
      : `The evidence does not hold: ${differences.length} differences.`,
  );
  return differences.length === 0 ? 0 : 1;
}

if (values.help) console.log(USAGE);
else process.exitCode = await check(resolve(values["data-dir"]));
