/**
 * `npm run rehearse [-- --json FILE]`: deploys the plane by `sst deploy` into an emulator of AWS, works a ticket through it, deploys
 * it again and removes it. Exit code 0 when all went well, 1 when something failed, 3 when this machine cannot run the emulator.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Emulator, startEmulator } from "./rehearse/emulator.ts";
import { endGroup } from "./rehearse/process-group.ts";
import { installMinistack, Skipped } from "./rehearse/python.ts";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({ options: { json: { type: "string" } } });
const scratch = mkdtempSync(join(tmpdir(), "omoios-rehearsal-"));
let emulator: Emulator | undefined;
let rehearsal: ChildProcess | undefined;

async function run(): Promise<number> {
  emulator = await startEmulator(installMinistack(), scratch);
  const report = values.json ? resolve(values.json) : join(scratch, "report.json");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "rehearse", "rehearsal.ts"), report, scratch],
    {
      cwd: root,
      // The functions are built with a receiver of the rehearsal's: what `npm run build` left stays as it is.
      env: { ...emulator.environment, OMOI_FUNCTIONS_DIR: join(scratch, "functions") },
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    },
  );
  rehearsal = child;
  const code = await new Promise<number>((done) => child.once("close", (code) => done(code ?? 1)));
  if (code !== 0) console.error(`The rehearsal failed. The emulator's log is kept: ${emulator.log_file}`);
  return code;
}

async function end(): Promise<void> {
  if (rehearsal) endGroup(rehearsal);
  await emulator?.stop();
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void end().finally(() => process.exit(1)));
}

let code = 1;
try {
  code = await run();
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`skipped: ${error.message}`);
  code = 3;
} finally {
  await end();
  if (code !== 1) rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = code;
