import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { readSeries } from "@omoios/cli/detector/read-series";
import { step } from "@omoios/domain/monitor/detector";
import { NAB_THRESHOLD } from "@omoios/domain/monitor/settings";
import { newState } from "@omoios/domain/monitor/state";
import { rounded } from "./figures.ts";

const SHARED = join(import.meta.dirname, "..", "..", "..", "shared");
const DATA = join(SHARED, "data", "nab", "data");
const SCORER = join(SHARED, "tools", "nab-score.mjs");

interface Profile {
  score: number;
  found: number;
  falsePositives: number;
}

/**
 * Scores every series of the Numenta benchmark, and has the scorer that lies beside the data hold them to its windows at the
 * threshold that the detector fixes. `undefined` where the data is not there.
 */
export async function scoreNab() {
  if (!existsSync(DATA)) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "omoi-nab-"));
  try {
    const files = (await readdir(DATA, { recursive: true })).filter((file) => file.endsWith(".csv"));
    for (const file of files) await scoreFile(join(DATA, file), join(folder, file));
    const args = [SCORER, "--scores", folder, "--threshold", String(NAB_THRESHOLD), "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const told: { windows: number; standard: Profile; low_fp: Profile; low_fn: Profile } = JSON.parse(stdout);
    const { standard, low_fp, low_fn, windows } = told;
    const others = { low_fp: rounded(low_fp.score), low_fn: rounded(low_fn.score) };
    const counts = { windows, found: standard.found, false_positives: standard.falsePositives };
    return { score: rounded(standard.score), beside: { ...others, ...counts } };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function scoreFile(from: string, to: string): Promise<void> {
  const state = newState();
  const scores = (await readSeries(from)).map(({ at, value }) => step(state, value, at).score);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, `${scores.join("\n")}\n`);
}
