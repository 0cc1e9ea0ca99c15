import { spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { functions } from "../../packages/contracts/src/topology.ts";
import { type AwsServer, IDENTITY, startAws } from "../harness/aws-server.ts";
import { root, temporaryFolder } from "./folders.ts";

// What `sst` says and does before it touches anything: real processes, and an AWS that keeps account of what it is asked.
const project = temporaryFolder();
const stagesFile = join(project, "config", "stages.yaml");
let aws: AwsServer;

beforeAll(async () => {
  aws = await startAws({ GetCallerIdentity: IDENTITY });
  for (const name of ["package.json", "node_modules", "packages", "stacks"]) {
    symlinkSync(join(root, name), join(project, name));
  }
  copyFileSync(join(root, "sst.config.ts"), join(project, "sst.config.ts"));
});
afterAll(() => aws.close());

beforeEach(() => {
  aws.asked.splice(0);
  rmSync(join(project, ".build"), { recursive: true, force: true });
  cpSync(join(root, "config"), join(project, "config"), { recursive: true });
  for (const { name } of functions) {
    mkdirSync(join(project, ".build", "functions", name), { recursive: true });
    writeFileSync(join(project, ".build", "functions", name, "index.mjs"), "export const handler = () => {};\n");
  }
});

const REGION = { AWS_REGION: "eu-west-1" };
const KEYS = { ...REGION, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** Runs `sst`; what it says is without its colours, empty lines and names of temporary folders. */
async function sst(args: string[], env: Record<string, string> = KEYS) {
  const manifest = createRequire(import.meta.url).resolve("sst/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const child = spawn(process.execPath, [join(dirname(manifest), bin.sst), ...args], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      HOME: project,
      AWS_ENDPOINT_URL: aws.url,
      AWS_EC2_METADATA_DISABLED: "true",
      CI: "1",
      SST_TELEMETRY_DISABLED: "1",
      NODE_NO_WARNINGS: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((done) => child.once("close", done));
  const lines = said.replaceAll(`${project}/`, "").split("\n");
  return { code, said: lines.filter((line) => line !== "").join("\n") };
}

const deploy = ["deploy", "--stage", "dev"];
const withSettings = (from: string, to: string) => {
  const text = readFileSync(stagesFile, "utf8");
  expect(text).toContain(from);
  writeFileSync(stagesFile, text.replace(from, to));
};

test("a wrong value is told with its place, and AWS is not asked anything", async () => {
  withSettings("log_level: INFO", "log_level: LOUD");
  const { code, said } = await sst(deploy);
  expect(said).toMatch(/^Error: \S*config\/stages\.yaml:\d+:\d+ defaults\.log_level: must be one of .*INFO.*$/);
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("a missing value is told with the place that lacks it, and AWS is not asked anything", async () => {
  withSettings("  removal_policy: destroy\n", "");
  const { code, said } = await sst(deploy);
  expect(said).toMatch(/^Error: \S*config\/stages\.yaml:\d+:\d+ defaults\.removal_policy: is missing.*$/);
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("a missing file is told, and AWS is not asked anything", async () => {
  rmSync(stagesFile);
  const { code, said } = await sst(deploy);
  expect(said).toMatch(/^Error: \S*config\/stages\.yaml: there is no such file$/);
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("a function that is not built is told, and AWS is not asked anything", async () => {
  rmSync(join(project, ".build", "functions", "relay"), { recursive: true });
  const { code, said } = await sst(deploy);
  expect(said).toMatch(/^Error: \S*\.build\/functions\/relay holds no built function: run `npm run build` first\.$/);
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("without credentials it says what to set, and AWS is not asked anything", async () => {
  const { code, said } = await sst(deploy, REGION);
  expect(said).toBe(
    "Error: There are no credentials for AWS: Could not load credentials from any providers\n" +
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile.",
  );
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("without a region it says what to set, and AWS is not asked anything", async () => {
  const { AWS_REGION: _, ...keys } = KEYS;
  const { code, said } = await sst(deploy, keys);
  expect(said).toBe("Error: Region is missing\nSet AWS_REGION, or the region of the profile, or pass --region.");
  expect({ code, asked: aws.asked }).toEqual({ code: 1, asked: [] });
});

test("a protected stage is not removed: AWS is asked who we are, and nothing more", async () => {
  const { code, said } = await sst(["remove", "--stage", "prod"]);
  expect(said).toMatch(/^Error: The stage "prod" is protected: .* and deploy that first\.$/m);
  expect({ code, asked: new Set(aws.asked) }).toEqual({ code: 1, asked: new Set(["GetCallerIdentity"]) });
});
