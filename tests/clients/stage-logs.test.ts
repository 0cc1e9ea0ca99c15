import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type AwsServer, Refusal, startAws } from "../harness/aws-server.ts";
import { omoiProcess } from "./omoi-process.ts";

const TASK_ID = "task_0123456789abcdefghjk";
const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

let aws: AwsServer;
/** How many lines matched, of which `found` are the newest. */
let matched = 0;
/** What was asked of Logs Insights. */
const queries: Record<string, unknown>[] = [];
beforeAll(async () => {
  aws = await startAws({});
});
afterAll(() => aws.close());
beforeEach(() => {
  queries.splice(0);
  aws.asked.splice(0);
  matched = found.length;
  let looks = 0;
  aws.answers = {
    StartQuery: (body) => {
      queries.push(JSON.parse(body));
      return { queryId: "q1" };
    },
    GetQueryResults: () => {
      looks += 1;
      return looks === 1
        ? { status: "Running", results: [] }
        : { status: "Complete", results: found, statistics: { recordsMatched: matched } };
    },
  };
});

const line = (more: object) => ({
  timestamp: "2026-03-01T10:00:00.000Z",
  level: "INFO",
  service: "omoios",
  message: "claimTasks",
  function_name: "dev-omoios-api-agents",
  trace_id: TRACE_ID,
  ...more,
});
const field = (name: string, value: string) => ({ field: name, value });
const result = (ptr: string, message: unknown) => [
  field("@message", `${JSON.stringify(message)}\n`),
  field("@ptr", ptr),
];
/** Newest first, as it is asked for. */
const found = [
  [field("@message", `START RequestId: 1 ${TASK_ID}`), field("@ptr", "4")],
  result("3", line({ message: "only names it", detail: TASK_ID })),
  result("2", line({ message: "settles", task_ids: [TASK_ID, "task_other"] })),
  result("1", line({ task_id: TASK_ID })),
];

const omoi = (...args: string[]) =>
  omoiProcess(["logs", "--stage", "dev", ...args], {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  });

test("a stage's log is asked of Logs Insights, over every function of the topology", async () => {
  const { out, err, exit } = await omoi("--task", TASK_ID, "--trace", `00-${TRACE_ID}-00f067aa0ba902b7-01`, "--json");
  expect({ err, exit }).toEqual({ err: "", exit: 0 });
  const lines = out.trimEnd().split("\n");
  expect(lines.map((text) => JSON.parse(text).message)).toEqual(["claimTasks", "settles"]);
  const [query] = queries;
  expect(query?.logGroupNames).toContain("/aws/lambda/dev-omoios-api-agents");
  expect(query?.queryString).toBe(
    `fields @message | filter @message like "${TASK_ID}" | filter @message like "${TRACE_ID}" | sort @timestamp desc`,
  );
  expect(Number(query?.endTime) - Number(query?.startTime)).toBeGreaterThanOrEqual(3_600);
});

test("where more lines match than a query gives, the newest are shown, oldest first, and that is said", async () => {
  matched = 12_000;
  const { out, err, exit } = await omoi("--task", TASK_ID, "--json");
  expect(err).toMatch(/^omoi: only the newest 4 lines since .*: name an id, or a shorter --since\n$/);
  const lines = out.trimEnd().split("\n");
  expect([exit, lines.map((text) => JSON.parse(text).message)]).toEqual([0, ["claimTasks", "settles"]]);
});

test("what is no id never gets into a query", async () => {
  const { err, exit } = await omoi("--task", 'x" | limit 1');
  expect({ exit, err }).toEqual({ exit: 1, err: expect.stringMatching(/is no id/) });
  expect(aws.asked).not.toContain("StartQuery");
});

test("a stage that was never deployed is told in AWS's own words", async () => {
  const why = "Log group '/aws/lambda/dev-omoios-relay' does not exist";
  aws.answers = { StartQuery: new Refusal("ResourceNotFoundException", why) };
  expect(await omoi("--since", "10m")).toMatchObject({ out: "", err: `omoi: ${why}\n`, exit: 1 });
});
