import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { program } from "../../../tests/harness/built/built.ts";
import { commandOf } from "./processes.ts";

/** What `npm start` runs. */
const FROM_SOURCE = ["--import", "tsx", fileURLToPath(new URL("main.ts", import.meta.url))];
const MAIN = [await program("plane")];
const FIXTURE = [await program("plane-that-echoes")];
const WAIT = { timeout: 120_000, interval: 10 };

let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "omoi-command-"));
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await vi.waitFor(() => expect(emulator()).toBeUndefined(), WAIT);
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

const run = (...args: string[]): Run => start(FIXTURE, "--config", "config", ...args);

function start(program: string[], ...args: string[]): Run {
  const base = [...program, "--data-dir", folder];
  const child = spawn(process.execPath, [...base, ...args], { env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (part) => (output += part));
  return { child, output: () => output, exited: new Promise((done) => child.once("close", done)) };
}

const stageFile = () => join(folder, "stage.json");
const stage = (): { url: string; api_key: string; pid: number } => JSON.parse(readFileSync(stageFile(), "utf8"));
const ready = () => vi.waitFor(() => expect(existsSync(stageFile())).toBe(true), WAIT);

function emulator(): string | undefined {
  const path = join(folder, "tables.db.pid");
  return existsSync(path) ? commandOf(Number(readFileSync(path, "utf8"))) : undefined;
}

describe("npm start", () => {
  it("says where it is, serves, logs to its file, and goes on with its keys after a clean stop", async () => {
    const first = run("--port", "0");
    await ready();
    const before = stage();
    expect(before.api_key).toMatch(/^omoi_sk_\w{32,}$/);
    expect(before.pid).toBe(first.child.pid);
    expect(statSync(stageFile()).mode & 0o777).toBe(0o600);
    expect(await (await fetch(`${before.url}/api/v1/health`)).json()).toEqual({ pid: before.pid });
    first.child.kill("SIGINT");
    expect(await first.exited).toBe(0);
    expect(first.output()).toContain(before.url);
    expect(first.output()).toContain(before.api_key);
    expect(first.output()).not.toContain('"called"');
    expect(readFileSync(join(folder, "logs", "plane.log"), "utf8")).toContain('"called"');
    expect(existsSync(stageFile())).toBe(false);
    expect(emulator()).toBeUndefined();
    const tokenKeys = readFileSync(join(folder, "keys", "token-keys"), "utf8");

    const config = join(folder, "config");
    cpSync("config", config, { recursive: true });
    writeFileSync(join(config, "alert_rules", "own.yaml"), "rules:\n  - { name: own, metric: no.such }\n");
    const second = start(FIXTURE, "--config", config, "--port", "0");
    await ready();
    expect(stage().api_key).toBe(before.api_key);
    expect(readFileSync(join(folder, "keys", "token-keys"), "utf8")).toBe(tokenKeys);
    await vi.waitFor(
      () => expect(second.output()).toMatch(/^An alert rule is left out: .*own\.yaml:2:\d+ rules\[0\]/m),
      WAIT,
    );
  });

  it("refuses a directory that a living plane holds, and takes over from a killed one, which leaves no emulator behind", async () => {
    const first = run("--port", "0");
    await ready();
    const held = stage();
    for (const port of ["0", new URL(held.url).port]) {
      const second = run("--port", port);
      expect(await second.exited).toBe(2);
      expect(second.output()).toBe(
        `A plane runs on ${folder} already (process ${held.pid}): end it first, or give another --data-dir.\n`,
      );
    }
    expect(stage()).toEqual(held);

    expect(emulator()).toContain("dynoxide");
    first.child.kill("SIGKILL");
    await vi.waitFor(() => expect(emulator()).toBeUndefined(), WAIT);
    const third = run("--port", "0");
    await vi.waitFor(() => expect(stage().pid).toBe(third.child.pid), WAIT);
  });

  it("tells each fault of its configuration by file, line and column", async () => {
    const config = join(folder, "config");
    cpSync("config", config, { recursive: true });
    const stages = readFileSync(join(config, "stages.yaml"), "utf8");
    writeFileSync(join(config, "stages.yaml"), stages.replace("log_level: INFO", "log_level: LOUD"));
    const other = start(FROM_SOURCE, "--config", config, "--port", "0");
    expect(await other.exited).toBe(2);
    expect(other.output()).toMatch(/^\S+stages\.yaml:\d+:\d+ defaults\.log_level: must be one of .*"LOUD"/);
    expect(other.output()).not.toContain(" at ");
    writeFileSync(join(config, "stages.yaml"), stages);

    writeFileSync(join(config, "limits.yaml"), "lease_seconds: soon\nleese_seconds: 5\n");
    const { exited, output } = start(MAIN, "--config", config, "--port", "0");
    expect(await exited).toBe(2);
    const lines = output().trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/limits\.yaml:1:16 /);
    expect(lines[1]).toMatch(/limits\.yaml:2:1 .*lease_seconds/);
    expect(emulator()).toBeUndefined();
  });

  it("takes a receiver's address and key as they are, and one on this machine, only where its stage `local` allows that", async () => {
    const config = join(folder, "config");
    cpSync("config", config, { recursive: true });
    const routing = join(config, "alert_routing.yaml");
    writeFileSync(
      routing,
      `receivers:
  - { name: desk, type: webhook, url: "http://127.0.0.1:9/desk", secret: whsec_c2VjcmV0 }
  - { name: chat, type: slack, url: "https://hooks.example.com/1" }
route: { receiver: desk }
`,
    );
    const refused = start(MAIN, "--config", config, "--port", "0");
    expect(await refused.exited).toBe(2);
    const plain =
      'must be "${secret:NAME}": a plain one is taken only where stages.yaml has allow_private_webhooks: true';
    expect(refused.output().trim().split("\n")).toEqual([
      `${routing}:2:39 receivers[0].url: must begin with https://, unless stages.yaml has allow_private_webhooks: true`,
      `${routing}:2:74 receivers[0].secret: ${plain}`,
      `${routing}:3:37 receivers[1].url: ${plain}`,
    ]);
    const stages = join(config, "stages.yaml");
    const allowing = "\nstages:\n  local: { allow_private_webhooks: true }\n";
    writeFileSync(stages, readFileSync(stages, "utf8").replace("\nstages:\n", allowing));
    const taken = start(MAIN, "--config", config, "--port", "0");
    await ready();
    taken.child.kill("SIGTERM");
    expect(await taken.exited).toBe(0);
  });

  it("says which open tickets stand still as their workflow was taken away, and with it there, nothing", async () => {
    const config = join(folder, "config");
    cpSync("config", config, { recursive: true });
    const own = join(config, "workflows", "own.yaml");
    const shipped = readFileSync(join(config, "workflows", "software_development.yaml"), "utf8");
    writeFileSync(own, shipped.replace("id: software_development", "id: own"));
    const first = start(MAIN, "--config", config, "--port", "0");
    await ready();
    const { url, api_key } = stage();
    const headers = { authorization: `Bearer ${api_key}`, "content-type": "application/json" };
    for (const workflow of ["own", "own", "software_development"]) {
      const body = JSON.stringify({ title: "A ticket", workflow });
      expect((await fetch(`${url}/api/v1/tickets`, { method: "POST", headers, body })).status).toBe(201);
    }
    first.child.kill("SIGINT");
    expect(await first.exited).toBe(0);

    rmSync(own);
    const second = start(MAIN, "--config", config, "--port", "0");
    const said =
      "2 open tickets stand still: the workflow own is configured no more. Put it back into workflows/ and start again, or cancel the tickets.";
    await vi.waitFor(() => expect(second.output().split("\n")).toContain(said), WAIT);
    second.child.kill("SIGINT");
    expect(await second.exited).toBe(0);
    expect(second.output()).not.toContain("software_development");
    expect(first.output()).not.toContain("stand still");
  });

  it.runIf(existsSync("/proc/self"))("refuses a data directory where no folder can be made", async () => {
    const { exited, output } = run("--port", "0", "--data-dir", "/proc/nowhere/data");
    expect(await exited).toBe(2);
    expect(output()).toBe(
      "/proc/nowhere/data cannot be made (ENOENT): name a folder that you may write to with --data-dir.\n",
    );
  });

  it("says how it is called", async () => {
    const { exited, output } = run("--help");
    expect(await exited).toBe(0);
    expect(output()).toMatch(/^Usage: npm start -- .*--data-dir.*\n$/);
    expect(existsSync(stageFile())).toBe(false);
  });

  it("names a taken port and the remedy", async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, "127.0.0.1", () => done((other.address() as { port: number }).port));
    });
    const { exited, output } = run("--port", String(port));
    expect(await exited).toBe(2);
    expect(output()).toBe(
      `Port ${port} is taken: end what listens there, or start with another one (--port ${port + 1}).\n`,
    );
    other.close();
  });
});
