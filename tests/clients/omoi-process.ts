import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { program } from "../harness/built/built.ts";

const root = resolve(import.meta.dirname, "..", "..");

/** Runs `omoi` as a process of its own, with nothing in its environment but the PATH and what is given. */
export async function omoiProcess(args: readonly string[], env: Record<string, string>, input = "") {
  const child = spawn(process.execPath, [await program("omoi"), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: "true", NODE_NO_WARNINGS: "1", ...env },
    stdio: "pipe",
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
  child.stdin.end(input);
  const exit = await new Promise((done) => child.once("close", done));
  return { ...said, exit };
}
