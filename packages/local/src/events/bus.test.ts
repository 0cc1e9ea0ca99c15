import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { Message } from "@aws-sdk/client-sqs";
import { publish } from "@omoios/adapters/messaging/bus";
import { consumers } from "@omoios/contracts/consumers";
import { ALARM_STATE_CHANGE, alarmRules } from "@omoios/contracts/default-bus";
import { forwards } from "@omoios/contracts/forwards";
import type { QueueName } from "@omoios/contracts/topology-types";
import { event } from "@omoios/domain/event.fixture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../../../tests/harness/until.ts";
import { type AwsCaller, awsCaller } from "../aws-json.ts";
import { type Queues, startQueues } from "../sqs/start.ts";
import { type Bus, startBus } from "./bus.ts";
import { type BusEvent, defaultBusRules, topologyRules } from "./rules.ts";

const REGION = "us-east-1";
const ACCOUNT = "000000000000";

let queues: Queues;
let sqs: AwsCaller;
let bus: Bus;
let client: EventBridgeClient;

beforeAll(async () => {
  queues = await startQueues(REGION);
  sqs = awsCaller("sqs", queues.endpoint, REGION);
  const [rules, default_rules] = [topologyRules(), defaultBusRules(alarmRules({ own: "omoi-test-", others: [] }))];
  const place = { name: "omoi-test", region: REGION, account: ACCOUNT };
  bus = await startBus({ ...place, rules, default_rules, sqs, queue_urls: queues.urls });
  const credentials = { accessKeyId: "k", secretAccessKey: "s" };
  client = new EventBridgeClient({ endpoint: bus.endpoint, region: REGION, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await bus.stop();
  await queues.stop();
});

const entry = (type: string, detail: unknown, more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  EventBusName: "omoi-test",
  Source: "omoi.test",
  DetailType: type,
  Detail: JSON.stringify(detail),
  ...more,
});

const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

async function drain(queue: QueueName): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (;;) {
    const wanted = { QueueUrl: queues.urls[queue], MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
    const { Messages = [] } = await sqs<{ Messages?: Message[] }>("ReceiveMessage", wanted);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map((message) => JSON.parse(message.Body ?? "null")));
  }
}

it("brings a message as often, and as late, as the faults that were asked for say", async () => {
  const [{ name: queue, events }] = consumers;
  const rules = topologyRules().filter((rule) => rule.queue === queue);
  const place = { name: "omoi-test", region: REGION, account: ACCOUNT };
  const delays = [[0, 0], [1]];
  const faults = { delaysOf: () => delays.shift() ?? [0] };
  const wild = await startBus({ ...place, rules, default_rules: [], sqs, queue_urls: queues.urls, faults });
  const credentials = { accessKeyId: "k", secretAccessKey: "s" };
  const to = new EventBridgeClient({ endpoint: wild.endpoint, region: REGION, credentials, maxAttempts: 1 });
  await to.send(new PutEventsCommand({ Entries: [1, 2, 3].map((n) => entry(events[0], { n })) }));
  const came: number[] = [];
  await until("the late one came", async () => {
    came.push(...((await drain(queue)) as { detail: { n: number } }[]).map(({ detail }) => detail.n));
    return came.includes(2);
  });
  expect(came.toSorted()).toEqual([1, 1, 2, 3]);
  expect(came.at(-1)).toBe(2);
  to.destroy();
  await wild.stop();
});

describe("the bus", () => {
  it.each(consumers.flatMap((row) => row.events.map((event) => [event, row.name] as const)))(
    "brings %s whole to the queue of %s",
    async (type, queue) => {
      const time = new Date("2026-03-01T10:00:00.250Z");
      const { Entries } = await put(entry(type, { subject: { id: "task_1" } }, { Time: time, Resources: ["r"] }));
      const expected = {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": type,
        source: "omoi.test",
        account: ACCOUNT,
        time: "2026-03-01T10:00:00Z",
        region: REGION,
        resources: ["r"],
        detail: { subject: { id: "task_1" } },
      };
      expect(await drain(queue)).toContainEqual(expected);
    },
  );

  it.each(forwards.flatMap((row) => row.events.map((event) => [event, row] as const)))(
    "sends a part of %s on",
    async (type, row) => {
      await drain(row.queue);
      const detail = { subject: { id: "task_7" }, data: { version: 3, task_id: "task_7", attempt: 2 } };
      await put(entry(type, detail));
      const [message] = (await drain(row.queue)) as Record<string, unknown>[];
      expect(Object.keys(message ?? {})).toEqual(Object.keys(row.message));
      expect(message?.task_id).toBe("task_7");
      // Numbers stay numbers; a path that leads nowhere gives an empty text.
      for (const [member, value] of [
        ["version", 3],
        ["attempt", 2],
        ["error", ""],
      ] as const) {
        if (member in row.message) expect(message?.[member]).toBe(value);
      }
    },
  );

  it("takes all that is published at once, however long its words are", async () => {
    const [{ name: queue, events }] = consumers;
    await drain(queue);
    const error = "\u{1F408}".repeat(10_000);
    const told = Array.from({ length: 12 }, (_, n) => event(events[0], { n, error }));
    const to = { client, name: "omoi-test", random: () => 0.5, sleep: async () => undefined };
    expect(await publish(to, told)).toEqual([]);
    const came = (await drain(queue)) as { detail: { data: { n: number; error: string } } }[];
    expect(came.map(({ detail }) => detail.data.n).toSorted((a, b) => a - b)).toEqual([...told.keys()]);
    expect(came.every(({ detail }) => detail.data.error === error)).toBe(true);
  });

  it("leaves alone the queues whose rule does not name the event", async () => {
    for (const { name } of consumers) await drain(name);
    await put(entry("nobody.asked", {}));
    for (const { name } of consumers) expect(await drain(name)).toEqual([]);
  });

  it("takes for the default bus what names none, and lets through there what AWS tells of the stage's own alarms", async () => {
    for (const { name } of consumers) await drain(name);
    const alarm = (alarmName: string, more: Partial<PutEventsRequestEntry> = {}) => {
      const of_aws = { EventBusName: undefined, Source: "aws.cloudwatch", ...more };
      return entry(ALARM_STATE_CHANGE, { alarmName }, of_aws);
    };
    const own = "omoi-test-sweep-silent";
    const { FailedEntryCount } = await put(
      alarm(own, { EventBusName: "default" }),
      alarm(own),
      alarm("checkout-errors"),
      alarm("omoi-test-critical-alerts"),
      alarm(own, { Source: "somebody" }),
      alarm(own, { EventBusName: "omoi-test" }),
      entry(consumers[0].events[0], {}, { EventBusName: "default" }),
    );
    expect(FailedEntryCount).toBe(0);
    const heard = { "detail-type": ALARM_STATE_CHANGE, source: "aws.cloudwatch", detail: { alarmName: own } };
    expect(await drain("alert-on-event")).toEqual([expect.objectContaining(heard), expect.objectContaining(heard)]);
    expect(await drain(consumers[0].name)).toEqual([]);
  });

  it("answers for each entry by itself", async () => {
    const seen: BusEvent[] = [];
    const end = bus.subscribe((event) => seen.push(event));
    const { FailedEntryCount, Entries } = await put(
      entry("a.b", { n: 1 }),
      entry("a.b", {}, { Detail: "{" }),
      entry("a.b", {}, { EventBusName: "elsewhere" }),
      entry("a.b", {}, { Source: "" }),
      entry("a.b", { n: 2 }, { EventBusName: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/omoi-test` }),
    );
    end();
    expect(FailedEntryCount).toBe(3);
    const codes = Entries?.map((result) => result.ErrorCode);
    expect(codes).toEqual([undefined, "MalformedDetail", "ResourceNotFoundException", "InvalidArgument", undefined]);
    expect(seen.map((event) => event.detail)).toEqual([{ n: 1 }, { n: 2 }]);
    await put(entry("a.b", { n: 3 }));
    expect(seen).toHaveLength(2);
  });

  it("refuses more than ten entries, none, and more than 256 KB", async () => {
    const eleven = Array.from({ length: 11 }, () => entry("a.b", {}));
    await expect(put(...eleven)).rejects.toThrow(/length between 1 and 10/);
    await expect(put()).rejects.toThrow(/length between 1 and 10/);
    const large = entry("a.b", { text: "x".repeat(130 * 1024) });
    await expect(put(large, large)).rejects.toThrow(/over the limit of 262144 bytes/);
  });

  it("serves nothing but PutEvents", async () => {
    const headers = { "x-amz-target": "AWSEvents.PutRule" };
    const answer = await fetch(bus.endpoint, { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: "UnknownOperationException" });
  });
});
