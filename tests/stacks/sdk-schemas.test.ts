import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sdkSchemas } from "../../scripts/sdk-schemas.ts";
import { root, temporaryFolder } from "./folders.ts";

const outdir = temporaryFolder();
/** Refuses each request with the error that its first member is named after, in the way of the protocol. */
const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  const [named] = Object.values(JSON.parse(text) as Record<string, string>);
  response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
  const CancellationReasons = [{ Code: "ConditionalCheckFailed" }, { Code: "None" }];
  response.end(JSON.stringify({ __type: `com.amazonaws.some#${named}`, message: "Refused", CancellationReasons }));
});

beforeAll(async () => {
  const clients = ["ssm", "sqs", "dynamodb"].map((name) => [name, `@aws-sdk/client-${name}`]);
  await build({
    entryPoints: Object.fromEntries(clients),
    absWorkingDir: join(root, "packages/adapters"),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [sdkSchemas],
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => new Promise((done) => server.close(done)));

const load = (name: string) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
const options = () => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: "local",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 1,
});
const thrown = (sent: Promise<unknown>) => sent.catch((error: Error) => error);

test("a bundle tells SSM's errors apart, those that it knows by class and all by name", async () => {
  const aws: typeof import("@aws-sdk/client-ssm") = await load("ssm");
  const ssm = new aws.SSMClient(options());
  const refused = (Name: string) => thrown(ssm.send(new aws.GetParameterCommand({ Name })));
  expect(await refused("ParameterNotFound")).toBeInstanceOf(aws.ParameterNotFound);
  expect(await refused("AccessDeniedException")).toMatchObject({ name: "AccessDeniedException", message: "Refused" });
});

test("a bundle tells DynamoDB's errors apart by name, and reads why a transaction was cancelled", async () => {
  const aws: typeof import("@aws-sdk/client-dynamodb") = await load("dynamodb");
  const dynamodb = new aws.DynamoDBClient(options());
  const refused = (TableName: string) => thrown(dynamodb.send(new aws.GetItemCommand({ TableName, Key: {} })));
  for (const name of ["ConditionalCheckFailedException", "TransactionConflictException", "RequestLimitExceeded"]) {
    expect(await refused(name)).toMatchObject({ name, message: "Refused" });
  }
  const cancelled = { CancellationReasons: [{ Code: "ConditionalCheckFailed" }, { Code: "None" }] };
  expect(await refused("TransactionCanceledException")).toMatchObject(cancelled);
});

test("a bundle tells SQS' errors apart by name", async () => {
  const aws: typeof import("@aws-sdk/client-sqs") = await load("sqs");
  const sqs = new aws.SQSClient({ ...options(), useQueueUrlAsEndpoint: false });
  const refused = (QueueUrl: string) => thrown(sqs.send(new aws.SendMessageCommand({ QueueUrl, MessageBody: "{}" })));
  for (const name of ["QueueDoesNotExist", "RequestThrottled"]) {
    expect(await refused(name)).toMatchObject({ name, message: "Refused" });
  }
});
