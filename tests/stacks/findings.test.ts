import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, Stack, Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { expect, test } from "vitest";
import { checkedApp } from "../../stacks/checked-app.ts";
import { makePlane } from "../../stacks/plane.ts";
import { builtFunctions } from "../harness/built/built.ts";
import { root, temporaryFolder } from "./folders.ts";

const { out_dir: functions_dir } = await builtFunctions();
const folder = temporaryFolder();

// With all that a stage can be told to have.
const shipped = readFileSync(join(root, "config", "stages.yaml"), "utf8");
mkdirSync(join(folder, "config"));
writeFileSync(join(folder, "config", "stages.yaml"), shipped.replace("audit_bucket: null", "audit_bucket: our-audit"));

/** What an app acknowledges: rule and finding, each with the reason given. */
const acknowledgedIn = (app: App) =>
  app.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap((entry): [string, string][] => Object.entries(entry.data)),
    );

// Checking a whole stage takes seconds, and more on a busy machine.
test("cdk-nag's AwsSolutions finds nothing in prod but what is acknowledged, each with a reason", {
  timeout: 60_000,
}, () => {
  const app = checkedApp(join(folder, "prod"));
  makePlane(app, { root: folder, stage: "prod", functions_dir });
  expect(() => app.synth()).not.toThrow();
  const acknowledged = acknowledgedIn(app);
  // The only findings about rights are wildcards: over the streams of a function's own log, over the connections of a socket, and over
  // the stage's own files in a bucket.
  const wildcard =
    /Resource::.*:(log-group:\/aws\/lambda\/[a-z-]+:log-stream|prod-omoios-wake-api-id\/wake\/POST\/@connections\/|our-audit\/omoios\/prod\/audit\/):?\*/;
  const known = new RegExp(`^Annotation::AwsSolutions-(L1|APIG4|SQS3|IAM5\\[${wildcard.source}\\])$`);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter(([rule]) => !known.test(rule))).toEqual([]);
  for (const [, reason] of acknowledged) expect(reason).toMatch(/\w+ \w+ .*\.$/);
});

test("a finding fails the synthesis", () => {
  const app = checkedApp(join(folder, "unsafe"));
  new Queue(new Stack(app, "unsafe"), "queue");
  expect(() => app.synth()).toThrow("AwsSolutions-SQS4");
});
