import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Figures } from "./figures.ts";
import { MEASURES, type Measure } from "./measures.ts";
import { judge, linesOf } from "./report.ts";

const USAGE = "npm run bench [-- --json FILE --only KEY,…]";

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string" } } });
const wanted = values.only?.split(",").map((key) => key.trim());
const chosen = MEASURES.filter(({ keys }) => wanted === undefined || keys.some((key) => wanted.some(isAbout(key))));
if (chosen.length === 0) {
  process.stderr.write(
    `No measure gives ${values.only}. ${USAGE}\nKeys: ${MEASURES.flatMap(({ keys }) => keys).join(", ")}\n`,
  );
  process.exit(2);
}

const figures: Figures = {};
const failed: string[] = [];
process.stdout.write(`Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}\n`);
for (const measure of chosen) {
  const started = performance.now();
  process.stdout.write(`${measure.name} … `);
  // A measure that fails must not take the figures of the others with it.
  const taken = await take(measure).catch((error: Error) => error);
  if (taken instanceof Error) failed.push(taken.message);
  else Object.assign(figures, taken);
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
const verdicts = judge(figures);
process.stdout.write(`\n${linesOf(figures, verdicts).join("\n")}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
for (const { met, target, value } of verdicts) {
  if (!met && target.kind === "count") failed.push(`${[target.key, ...(target.within ?? [])].join(" ")} is ${value}`);
}
for (const why of failed) process.stdout.write(`FAILED: ${why}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Whether a key that was asked for is this one, begins with it, or is what this one begins with. */
function isAbout(key: string) {
  return (asked: string) => key === asked || key.startsWith(`${asked}.`) || asked.startsWith(`${key}.`);
}

/** Takes one measure in a process of its own. What it prints goes to standard error. */
function take({ name }: Measure): Promise<Figures> {
  const entry = fileURLToPath(new URL("./measure.ts", import.meta.url));
  const child = fork(entry, [name], {
    execArgv: ["--import", "tsx", "--no-warnings"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // As deployed: the lines are counted.
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: "INFO" },
  });
  return new Promise((resolve, reject) => {
    let told: Figures | undefined;
    child.once("message", (message) => {
      told = message as Figures;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (told !== undefined) resolve(told);
      else reject(new Error(`The measure ${name} ended with ${code} and told nothing`));
    });
  });
}
