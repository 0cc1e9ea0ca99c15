import { spawn } from "node:child_process";
import { once } from "node:events";

// `npm test`: what reads the source is checked while the tests run, which wait for other processes a good part of their time. Arguments
// go to vitest. Ends with 1 if anything fails, with what the checks said last.

const CHECKS = ["lint", "types", "unused"];

interface Outcome {
  name: string;
  passed: boolean;
  said: string;
}

/** Runs one check, its output kept. */
async function check(name: string): Promise<Outcome> {
  const child = spawn("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  console.log(`${name}: ${code === 0 ? "passed" : "FAILED, as is told at the end"}`);
  return { name, passed: code === 0, said };
}

async function checkAll(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const name of CHECKS) outcomes.push(await check(name));
  return outcomes;
}

async function runTests(args: string[]): Promise<boolean> {
  const child = spawn("npx", ["vitest", "run", ...args], { stdio: "inherit" });
  const [code] = await once(child, "close");
  return code === 0;
}

const [outcomes, passed] = await Promise.all([checkAll(), runTests(process.argv.slice(2))]);
const failed = outcomes.filter((outcome) => !outcome.passed);
for (const { name, said } of failed) console.log(`\n${name} FAILED:\n${said.trimEnd()}`);
process.exitCode = passed && failed.length === 0 ? 0 : 1;
