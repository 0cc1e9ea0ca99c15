import { describe, expect, test } from "vitest";
import { http, sockets } from "../../packages/contracts/src/doors.ts";
import { tables } from "../../packages/contracts/src/tables.ts";
import { functions, queueReaders, schedules, streamReaders } from "../../packages/contracts/src/topology.ts";
import type { FunctionRow, Grant } from "../../packages/contracts/src/topology-types.ts";
import { dev } from "./stages.ts";
import { arn, functionNames, ofType, text } from "./synthesized.ts";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const statementsOf = (role: { Policies: { PolicyDocument: { Statement: Statement[] } }[] }) =>
  role.Policies.flatMap((policy) => policy.PolicyDocument.Statement);

/** What statements allow, each as `action on resource`. */
const allowed = (statements: Statement[]) =>
  statements.flatMap((statement) =>
    listed(statement.Action).flatMap((action) => listed(statement.Resource).map((on) => `${action} on ${text(on)}`)),
  );

const roles = new Map(ofType(dev, "AWS::IAM::Role").map(([id, role]) => [id, role.Properties]));

function roleOf(name: string) {
  const [id = ""] = [...functionNames(dev)].find(([, found]) => found === name) ?? [];
  const role = text(dev[id]?.Properties.Role).replace(/^<(.*)\.Arn>$/, "$1");
  return roles.get(`${id.split("/")[0]}/${role}`);
}

/** What a grant means in the service's own words. */
const TABLE = {
  read: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  write: ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"].map(
    (name) => `dynamodb:${name}`,
  ),
};

function granted(grant: Grant): string[] {
  // The stage `dev` names no bucket.
  if ("bucket" in grant) return [];
  if ("queue" in grant) return [`sqs:SendMessage on ${arn("sqs", `dev-omoios-${grant.queue}`)}`];
  if ("bus" in grant) return [`events:PutEvents on ${arn("events", "event-bus/dev-omoios-main")}`];
  if ("secret" in grant) return [`ssm:GetParameter on ${arn("ssm", `parameter/omoios/dev/${grant.secret}`)}`];
  if ("socket" in grant) {
    const connections = arn("execute-api", `<dev-omoios-wake-api-id>/${grant.socket}/POST/@connections/*`);
    return grant.actions.includes("send") ? [`execute-api:ManageConnections on ${connections}`] : [];
  }
  // The shipped routing names no secret, and the stage no address to send from.
  if ("receivers" in grant || "mail" in grant) return [];
  const table = arn("dynamodb", `table/dev-omoios-${grant.table}`);
  const indexes = tables
    .filter((row) => row.name === grant.table)
    .flatMap((row) => row.indexes.map((index) => index.name));
  return grant.actions.flatMap((action) => [
    ...TABLE[action].map((right) => `${right} on ${table}`),
    ...(action === "read" ? indexes.map((index) => `dynamodb:Query on ${table}/index/${index}`) : []),
  ]);
}

/** What Lambda needs in the function's name to feed it. */
function fed(row: FunctionRow): string[] {
  const queues = queueReaders.filter((reader) => reader.function === row.name);
  const streams = streamReaders.filter((reader) => reader.function === row.name);
  return [
    ...queues.flatMap(({ queue }) =>
      ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map(
        (right) => `sqs:${right} on ${arn("sqs", `dev-omoios-${queue}`)}`,
      ),
    ),
    ...streams.flatMap(({ table }) => [
      ...["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
        (right) =>
          expect.stringMatching(
            `^dynamodb:${right} on <dev-omoios-storage:\\w*GetAtt${table}\\w*StreamArn\\w*>$`,
          ) as string,
      ),
      `sqs:SendMessage on ${arn("sqs", `dev-omoios-${row.name}-stream-dlq`)}`,
    ]),
  ];
}

const logging = (row: FunctionRow) =>
  ["CreateLogStream", "PutLogEvents"].map(
    (right) => `logs:${right} on ${arn("logs", `log-group:/aws/lambda/dev-omoios-${row.name}:log-stream:*`)}`,
  );

describe("rights", () => {
  test.each(functions)("$name may do what its row grants, and nothing else", (row) => {
    const statements = statementsOf(roleOf(row.name));
    const expected = [...row.may.flatMap(granted), ...fed(row), ...logging(row)];
    const rights = allowed(statements);
    expect(rights).toHaveLength(expected.length);
    for (const right of expected) expect(rights).toContainEqual(right);
    for (const statement of statements) expect(statement.Effect).toBe("Allow");
  });

  test("a role serves one function only, and nothing adds to it", () => {
    expect(roles.size).toBe(functions.length);
    for (const role of roles.values()) {
      expect(role.ManagedPolicyArns).toBeUndefined();
      expect(role.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } },
      ]);
    }
    expect(ofType(dev, "AWS::IAM::Policy")).toEqual([]);
    expect(ofType(dev, "AWS::IAM::ManagedPolicy")).toEqual([]);
  });

  test("no action is a wildcard", () => {
    const actions = [...roles.values()].flatMap((role) =>
      statementsOf(role).flatMap((statement) => listed(statement.Action)),
    );
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  });

  test("the only wildcards in a resource are the streams of the function's own log, and connections that it sends on", () => {
    for (const row of functions) {
      const wild = allowed(statementsOf(roleOf(row.name))).filter((right) => right.includes("*"));
      const sending = row.may.filter((grant) => "socket" in grant).flatMap(granted);
      expect(wild.sort()).toEqual([...sending, ...logging(row)].sort());
    }
  });

  test("only the APIs and the schedule may start a function from outside", () => {
    const starters = ofType(dev, "AWS::Lambda::Permission").map(([, { Properties }]) => ({
      by: Properties.Principal,
      from: text(Properties.SourceArn).replace(/<[a-z]\w+(\.Arn)?>/, "it"),
    }));
    const api = http.map((row) => row.function);
    const expected = [
      // `$default` is called as `api/stage/$default`, so a third wildcard would shut it out.
      ...[...new Set(api)].map(() => ({ by: "apigateway.amazonaws.com", from: arn("execute-api", "it/*/*") })),
      ...sockets.map(() => ({ by: "apigateway.amazonaws.com", from: arn("execute-api", "it/*/*") })),
      ...schedules.map(() => ({ by: "events.amazonaws.com", from: "it" })),
    ];
    expect(starters).toHaveLength(expected.length);
    expect(starters).toEqual(expect.arrayContaining(expected));
  });
});
