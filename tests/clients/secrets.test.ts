import { newStageKeys } from "@omoios/adapters/keys/make-keys";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, type AwsServer, Refusal, startAws } from "../harness/aws-server.ts";
import { omoiProcess } from "./omoi-process.ts";

const VALUE = "s3cret-of-a-webhook-77";
let aws: AwsServer;
/** What SSM was given, by name. */
const kept = new Map<string, Record<string, unknown>>();

const asStored: Record<string, Answer> = {
  PutParameter: (body) => {
    const parameter = JSON.parse(body);
    kept.set(parameter.Name, parameter);
    return { Version: 3, Tier: "Standard" };
  },
  DescribeParameters: () => ({
    Parameters: [...kept.values()].map(({ Name, Type }) => ({
      Name,
      Type,
      Version: 3,
      LastModifiedDate: 1_772_000_000,
    })),
  }),
};

beforeAll(async () => {
  aws = await startAws({});
});
afterAll(() => aws.close());
beforeEach(() => {
  kept.clear();
  aws.asked.splice(0);
  aws.answers = asStored;
});

const omoi = (args: string[], input = "", env: Record<string, string> = {}) =>
  omoiProcess(
    ["secrets", ...args, "--stage", "dev"],
    { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", ...env },
    input,
  );

test("a piped value is kept as a SecureString under the stage's folder, without the line's end", async () => {
  const { out, err, exit } = await omoi(["set", "slack-webhook"], `${VALUE}\n`);
  expect({ out, err, exit }).toEqual({
    out: "/omoios/dev/slack-webhook is kept, version 3\n",
    err: "no function of this version reads slack-webhook\n",
    exit: 0,
  });
  expect(kept.get("/omoios/dev/slack-webhook")).toEqual({
    Name: "/omoios/dev/slack-webhook",
    Value: VALUE,
    Type: "SecureString",
    Overwrite: true,
  });
});

test("the list shows all but the values, who reads them, and what a stage lacks", async () => {
  await omoi(["set", "slack-webhook"], VALUE);
  const { out, exit } = await omoi(["list", "--json"]);
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual({
    items: [{ name: "slack-webhook", version: 3, changed_at: "2026-02-25T06:13:20.000Z", read_by: [] }],
    missing: ["token-keys", "audit-keys"],
  });
  const { out: table } = await omoi(["list"]);
  expect(table).toMatch(/^token-keys +missing +api-agents, api-control, wake$/m);
  expect(table).not.toContain(VALUE);
});

test("nothing is written beside the answer, whatever the SDK thinks of this Node", async () => {
  expect(await omoi(["list"], "", { NODE_NO_WARNINGS: "0" })).toMatchObject({ err: "", exit: 0 });
});

test("token keys are kept when they can be read as such", async () => {
  const keys = newStageKeys(Date.now());
  expect(await omoi(["set", "token-keys"], keys)).toMatchObject({ err: "", exit: 0 });
  expect(kept.get("/omoios/dev/token-keys")?.Value).toBe(keys);
});

test.each([
  ["what are no token keys", ["set", "token-keys"], `{"keys": "${VALUE}"}`, /holds no keys/],
  ["nothing", ["set", "slack-webhook"], "\n", /the value is empty/],
  ["what is too long", ["set", "slack-webhook"], VALUE.repeat(200), /longer than 4096 bytes/],
  ["a value as an argument", ["set", "slack-webhook", VALUE], "", /too many arguments/],
  ["a name that is no name", ["set", "Slack/Webhook"], VALUE, /cannot name a secret/],
])("%s is refused before SSM is asked, and no value is repeated", async (_, args, input, message) => {
  const { out, err, exit } = await omoi(args, input);
  expect(exit).toBe(2);
  expect(err).toMatch(message);
  expect(out + err).not.toContain(VALUE);
  expect(aws.asked).toEqual([]);
});

test("a refusal of SSM is told without the value that SSM quotes", async () => {
  aws.answers = {
    PutParameter: new Refusal(
      "ValidationException",
      `1 validation error: Value '${VALUE}' failed to satisfy constraint`,
    ),
  };
  const { out, err, exit } = await omoi(["set", "slack-webhook"], VALUE);
  expect({ out, err, exit }).toEqual({
    out: "",
    err: "omoi: SSM did not keep /omoios/dev/slack-webhook: ValidationException\n",
    exit: 1,
  });
});

test("a lacking right is told in AWS's own words", async () => {
  const why = "User: arn:aws:iam::1:user/x is not authorized to perform: ssm:PutParameter";
  aws.answers = { PutParameter: new Refusal("AccessDeniedException", why) };
  expect(await omoi(["set", "slack-webhook"], VALUE)).toMatchObject({
    err: `omoi: SSM did not keep /omoios/dev/slack-webhook: AccessDeniedException: ${why}\n`,
    exit: 1,
  });
});

test.each([
  ["a region", { AWS_REGION: "" }, /Region not accepted.*\. omoi doctor --stage dev looks for what is missing/],
  ["credentials", { AWS_ACCESS_KEY_ID: "" }, /Could not load credentials.*\. omoi doctor --stage dev looks for/],
])("without %s it says where to look", async (_, env, message) => {
  expect(await omoi(["list"], "", env)).toMatchObject({ err: expect.stringMatching(message), exit: 2 });
});
