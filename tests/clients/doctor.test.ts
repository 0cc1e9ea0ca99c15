import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, type AwsServer, IDENTITY, Refusal, startAws } from "../harness/aws-server.ts";
import { omoiProcess } from "./omoi-process.ts";

const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";
const folder = mkdtempSync(join(tmpdir(), "omoi-doctor-"));
let aws: AwsServer;

const stack = (status: string) =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><StackStatus>${status}</StackStatus>` +
  "<CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>";

/** An account to which everything can be deployed. PutEvents has its own value on the second page. */
const healthy: Record<string, Answer> = {
  GetCallerIdentity: IDENTITY,
  DescribeStacks: stack("UPDATE_COMPLETE"),
  DescribeParameters: {
    Parameters: ["token-keys", "audit-keys"].map((name) => ({
      Name: `/omoios/prod/${name}`,
      Type: "SecureString",
      Version: 1,
    })),
  },
  [ACCOUNT_SETTINGS]: { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 } },
  ListServiceQuotas: (body) =>
    JSON.parse(body).NextToken === "more"
      ? { Quotas: [{ QuotaName: "PutEvents throttle limit in transactions per second", Value: 600 }] }
      : { Quotas: [{ QuotaName: "Rules", Value: 300 }], NextToken: "more" },
};

beforeAll(async () => {
  aws = await startAws({});
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  aws.answers = { ...healthy };
  aws.skew_ms = 0;
});

interface Finding {
  check: string;
  verdict: string;
  found: string;
  remedy?: string;
}

async function doctor(env: Record<string, string> = {}) {
  const keys = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const args = ["doctor", "--stage", "prod", "--json"];
  const { out, exit } = await omoiProcess(args, { AWS_ENDPOINT_URL: aws.url, HOME: folder, ...keys, ...env });
  const { findings, faults }: { findings: Finding[]; faults: number } = JSON.parse(out);
  return { exit, faults, findings, of: (check: string) => findings.find((finding) => finding.check === check) };
}

test("an account that lacks nothing is told so, check by check", async () => {
  const { exit, faults, findings } = await doctor();
  expect({ exit, faults }).toEqual({ exit: 0, faults: 0 });
  expect(findings.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
    "node: ok",
    "settings: ok",
    "alert routing: ok",
    "alert rules: ok",
    "watchdog policies: ok",
    "guardian policies: ok",
    "region: ok",
    "clock: ok",
    "credentials: ok",
    "CDKToolkit: ok",
    "SSTBootstrap: ok",
    "secrets: ok",
    "functions at once: ok",
    "PutEvents a second: ok",
  ]);
  expect(findings.at(-1)?.found).toMatch(/^600, the stage needs \d+$/);
  expect(findings.at(-2)?.found).toMatch(/^900, the stage needs \d+$/);
});

test("a fresh account is told what it lacks, each with its remedy", async () => {
  aws.answers = {
    ...healthy,
    DescribeStacks: new Refusal("ValidationError", "Stack with id CDKToolkit does not exist"),
    DescribeParameters: { Parameters: [] },
    [ACCOUNT_SETTINGS]: { AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } },
    ListServiceQuotas: { Quotas: [] },
    ListAWSDefaultServiceQuotas: {
      Quotas: [{ QuotaName: "PutEvents throttle limit in transactions per second", Value: 5 }],
    },
  };
  const { exit, faults, of } = await doctor();
  expect({ exit, faults }).toEqual({ exit: 1, faults: 3 });
  expect(of("CDKToolkit")).toMatchObject({ verdict: "note", remedy: "The first deployment makes it." });
  expect(of("secrets")).toMatchObject({ verdict: "fault", remedy: "npm run stage -- secrets --stage prod" });
  expect(of("functions at once")).toMatchObject({ verdict: "fault", remedy: expect.stringContaining("L-B99A9384") });
  expect(of("PutEvents a second")).toMatchObject({ verdict: "fault", found: expect.stringMatching(/^5, but/) });
});

test("a clock that AWS would not believe is a fault", async () => {
  aws.skew_ms = -20 * 60_000;
  const { exit, of } = await doctor();
  expect(exit).toBe(1);
  expect(of("clock")).toMatchObject({
    verdict: "fault",
    found: expect.stringMatching(/^this clock is 1\d{3} s ahead/),
  });
});

test("a bootstrap that failed is a fault, with what mends it", async () => {
  aws.answers.DescribeStacks = stack("ROLLBACK_COMPLETE");
  const { exit, of } = await doctor();
  expect(exit).toBe(1);
  expect(of("SSTBootstrap")).toMatchObject({
    verdict: "fault",
    remedy: expect.stringContaining("Delete the stack SSTBootstrap"),
  });
});

test("credentials that AWS refuses end the look, and say how to come by others", async () => {
  aws.answers.GetCallerIdentity = new Refusal("ExpiredToken", "The security token included in the request is expired");
  const { exit, findings } = await doctor();
  expect(exit).toBe(1);
  expect(findings.at(-1)).toMatchObject({
    check: "credentials",
    verdict: "fault",
    remedy: expect.stringContaining("AWS_PROFILE"),
  });
  expect(findings.at(-1)?.found).toContain("expired");
});

test("no credentials and no region are faults of their own", async () => {
  expect((await doctor({ AWS_ACCESS_KEY_ID: "" })).of("credentials")).toMatchObject({ verdict: "fault" });
  expect((await doctor({ AWS_REGION: "" })).of("region")).toMatchObject({ verdict: "fault" });
});

test("quotas that we may not look at hold nothing up", async () => {
  aws.answers.ListServiceQuotas = new Refusal("AccessDeniedException", "not authorized");
  const { exit, of } = await doctor();
  expect(exit).toBe(0);
  expect(of("PutEvents a second")).toMatchObject({ verdict: "note", remedy: "Allow servicequotas:ListServiceQuotas." });
});

test("a fault in the stages' settings is told with its place", async () => {
  const file = join(folder, "stages.yaml");
  writeFileSync(file, "defaults: 1\n");
  const { exit, of } = await doctor({ OMOI_STAGES_FILE: file });
  expect(exit).toBe(1);
  expect(of("settings")?.found).toMatch(new RegExp(`^${file}:1:\\d+ defaults: `, "m"));
});
