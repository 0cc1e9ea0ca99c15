import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, symlinkSync } from "node:fs";
import { get } from "node:https";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@omoios/local/ports";
import { endGroup } from "./process-group.ts";

const REGION = "eu-west-1";
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;

export interface Emulator {
  /** All that a process needs to use the emulator as its AWS, and nothing of this process's own environment but the PATH. */
  environment: Record<string, string>;
  log_file: string;
  /** Ends it with every function that it started. */
  stop(): Promise<void>;
}

/** Starts MiniStack on a free port of the loopback interface, over TLS and with rights enforced, keeping all it writes in `scratch`. */
export async function startEmulator(python: string, scratch: string): Promise<Emulator> {
  const [home, tmp] = [join(scratch, "home"), join(scratch, "tmp")];
  for (const folder of [home, tmp]) mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const log_file = join(scratch, "ministack.log");
  const log = openSync(log_file, "a");
  const child = spawn(python, [join(import.meta.dirname, "start-ministack.py")], {
    // Functions inherit this environment: a variable of ours would hide one that a stack forgot to set.
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: tmp,
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: "local",
      // What the doctor finds must not hang on this machine's memory, by which MiniStack would set it.
      LAMBDA_ACCOUNT_CONCURRENCY: "100",
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      MINISTACK_REGION: REGION,
      NODE_PATH: runtimeModules(scratch),
      AUTH: "true",
      USE_SSL: "1",
    },
    stdio: ["ignore", log, log],
    // A group of its own, so that the functions' processes can be ended with it.
    detached: true,
  });
  // MiniStack makes this certificate at its start, and has its functions trust it.
  const certificate = join(tmp, "ministack-tls", "server.crt");
  const emulator = { environment: environmentFor(port, home, certificate), log_file, stop: () => stop(child) };
  await answers(port, child, certificate, log_file).catch(async (error) => {
    await stop(child);
    throw error;
  });
  return emulator;
}

function environmentFor(port: number, home: string, certificate: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    CDK_HOME: home,
    AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: certificate,
    AWS_CA_BUNDLE: certificate,
    // The one pair that MiniStack takes for the account itself.
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: "true",
    CI: "1",
    SST_TELEMETRY_DISABLED: "1",
    CDK_DISABLE_CLI_TELEMETRY: "true",
    NODE_NO_WARNINGS: "1",
  };
}

/**
 * A folder with the one package of Lambda's own runtime that SST's bootstrap expects there. It holds nothing else: our functions
 * must bring what they need.
 */
function runtimeModules(scratch: string): string {
  const sst = createRequire(createRequire(import.meta.url).resolve("sst/package.json"));
  const modules = join(scratch, "runtime", "node_modules");
  mkdirSync(join(modules, "@aws-sdk"), { recursive: true });
  symlinkSync(dirname(sst.resolve("@aws-sdk/client-s3/package.json")), join(modules, "@aws-sdk", "client-s3"));
  return modules;
}

async function answers(port: number, child: ChildProcess, certificate: string, log_file: string): Promise<void> {
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null)
      throw new Error(`MiniStack ended at its start (code ${child.exitCode}); its log: ${log_file}`);
    if (existsSync(certificate) && (await healthy(port))) return;
    await sleep(100);
  }
  throw new Error(`MiniStack did not answer within ${START_WITHIN_MS / 1000} s; its log: ${log_file}`);
}

/** This process started before the certificate was made and cannot trust it; asking our own child on loopback needs no trust. */
function healthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/_ministack/health", rejectUnauthorized: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    request.once("error", () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(STOP_WITHIN_MS)]);
  }
  // MiniStack itself where it ignored the request, and functions that outlived it.
  endGroup(child);
}
