import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../ports.ts";
import { codeOf, commandOf, endProcess } from "../processes.ts";
import { StartError } from "../start-error.ts";
import { findBinary } from "./binary.ts";
import { seedDatabase } from "./seed-database.ts";

export interface DynamoDb {
  /** Where its HTTP API listens. */
  endpoint: string;
  stop(): Promise<void>;
}

export interface DynamoDbOptions {
  /** The database's file; without it the tables live in a temporary file and are gone at the end. */
  path?: string;
  /** A DynamoDB-compatible server that runs already (`OMOI_DYNAMODB_ENDPOINT`); nothing is started then. */
  endpoint?: string;
  /** Gives a port to try, each time another one. Any free one unless given. */
  port?: () => Promise<number>;
}

const START_MS = 60_000;
const PORTS_TRIED = 5;

/**
 * Starts the DynamoDB emulator on a free port of 127.0.0.1 and waits until it answers. The emulator ends with this process, however
 * that ends. One that a killed process left on the same file is ended first: two writers on one file would not see each other.
 * @throws StartError where there is no binary, it does not come up, or the given endpoint does not answer.
 */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDb> {
  if (options.endpoint !== undefined) return useEndpoint(options.endpoint);
  const binary = findBinary();
  const scratch = options.path === undefined ? mkdtempSync(join(tmpdir(), "omoi-tables-")) : undefined;
  const path = resolve(options.path ?? join(scratch ?? "", "tables.db"));
  await endLeftover(path);
  seedDatabase(path);
  const child = await launch(binary, path, options.port ?? freePort);
  return {
    endpoint: child.endpoint,
    stop: async () => {
      await child.end();
      rmSync(pidFile(path), { force: true });
      if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
    },
  };
}

async function useEndpoint(endpoint: string): Promise<DynamoDb> {
  if (!(await answers(endpoint))) {
    throw new StartError(
      `Nothing answers at ${endpoint} (OMOI_DYNAMODB_ENDPOINT): start the DynamoDB server there, or unset it.`,
    );
  }
  return { endpoint, stop: async () => undefined };
}

interface Launched {
  endpoint: string;
  end(): Promise<void>;
}

async function launch(binary: string, path: string, port: () => Promise<number>): Promise<Launched> {
  for (let tries = 1; ; tries += 1) {
    const launched = await launchOn(await port(), binary, path);
    if ("end" in launched) return launched;
    // Between the look at a port and the child's own, somebody else may have taken it.
    if (tries < PORTS_TRIED && launched.complaint.includes("already in use")) continue;
    throw new StartError(
      `The DynamoDB emulator did not start on ${path}: ${launched.complaint || "it gave no reason"}. ` +
        "Look after the file and its folder, or give another --data-dir.",
    );
  }
}

async function launchOn(port: number, binary: string, path: string): Promise<Launched | { complaint: string }> {
  // Its own session: Ctrl-C reaches the plane alone, which stops its parts in order.
  const child = spawn(binary, ["serve", "--host", "127.0.0.1", "--port", String(port), "--db-path", path], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const guard = startGuard(child);
  const exited = new Promise<void>((done) => {
    // Behind its last word.
    child.once("close", () => done());
    child.once("error", () => done());
  });
  const end = async () => {
    child.kill("SIGTERM");
    await Promise.race([exited, sleep(2000, undefined, { ref: false })]);
    child.kill("SIGKILL");
    await exited;
    guard.kill("SIGKILL");
  };
  writeFileSync(pidFile(path), String(child.pid ?? ""));
  const said = listen(child);
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const ready = await Promise.race([said.listening.then(() => true), exited.then(() => false)]);
  clearTimeout(late);
  if (ready) return { endpoint: `http://127.0.0.1:${port}`, end };
  await end();
  return { complaint: said.last() };
}

/** A shell that waits for the end of this process, whose pipe closes even at SIGKILL, and then ends the emulator. */
function startGuard(child: ChildProcess): ChildProcess {
  const script = 'cat >/dev/null; kill -KILL "$1" 2>/dev/null';
  return spawn("sh", ["-c", script, "guard", String(child.pid ?? 0)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
}

/**
 * What the emulator says. Its own word that it listens comes once it has the port; an answer on that port could be anybody's, as
 * another process may have taken it in the meantime.
 */
function listen(child: ChildProcess): { listening: Promise<void>; last(): string } {
  let text = "";
  const listening = new Promise<void>((heard) => {
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(-2000);
      if (text.includes("listening on http://")) heard();
    });
  });
  return { listening, last: () => text.trim().split("\n").at(-1) ?? "" };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return true;
  } catch {
    // Not listening yet, or not at all: both are the answer "no".
    return false;
  }
}

const pidFile = (path: string) => `${path}.pid`;

async function endLeftover(path: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile(path), "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  // The number may belong to somebody else by now: only a process that names this very file is ours.
  if (pid > 0 && commandOf(pid)?.includes(path)) await endProcess(pid);
}
