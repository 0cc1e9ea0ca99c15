import { describe, expect, test } from "vitest";
import { consumers } from "../../packages/contracts/src/consumers.ts";
import { forwards } from "../../packages/contracts/src/forwards.ts";
import { functions, queueReaders, queues, streamReaders } from "../../packages/contracts/src/topology.ts";
import { dev } from "./stages.ts";
import { ofType, type Resource, text } from "./synthesized.ts";

const queueIds = new Map(
  ofType(dev, "AWS::SQS::Queue").map(([id, queue]) => [id.split("/")[1], queue.Properties.QueueName]),
);
const queueNamed = (name: string) =>
  ofType(dev, "AWS::SQS::Queue").find(([, queue]) => queue.Properties.QueueName === name)?.[1].Properties;

/** The name of the queue that a value like `<id.Arn>` points at. */
const nameAt = (arn: unknown) => queueIds.get(text(arn).replace(/^<(.*)\.Arn>$/, "$1"));

const alarmedQueues = ofType(dev, "AWS::CloudWatch::Alarm")
  .filter(([, alarm]) => alarm.Properties.MetricName === "ApproximateNumberOfMessagesVisible")
  .map(([, alarm]) => alarm.Properties.Dimensions[0].Value);

describe("queues", () => {
  test("are those of the topology, each stream reader's and each dead-letter queue", () => {
    const expected = [
      ...queues.map((row) => row.name),
      ...queues.flatMap((row) => ("max_receives" in row ? [`${row.name}-dlq`] : [])),
      ...streamReaders.map((row) => `${row.function}-stream-dlq`),
    ];
    expect([...queueIds.values()].sort()).toEqual(expected.map((name) => `dev-omoios-${name}`).sort());
  });

  test("only queues of dead letters and relay-parked have no dead-letter queue, being ones themselves", () => {
    const last = queues.filter((row) => !("max_receives" in row)).map((row) => row.name);
    expect(last.sort()).toEqual(["notification-dead-letters", "relay-parked", "task-dead-letters"]);
  });

  test.each(queues.filter((row) => "max_receives" in row))("$name has a dead-letter queue with an alarm", (row) => {
    const queue = queueNamed(`dev-omoios-${row.name}`);
    const deadLetters = `dev-omoios-${row.name}-dlq`;
    expect(nameAt(queue.RedrivePolicy.deadLetterTargetArn)).toBe(deadLetters);
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(row.max_receives);
    expect(alarmedQueues).toContain(deadLetters);
  });

  test("whatever a stream reader gave up or parked raises an alarm, as does a notification that was given up", () => {
    for (const row of streamReaders) expect(alarmedQueues).toContain(`dev-omoios-${row.function}-stream-dlq`);
    expect(alarmedQueues).toContain("dev-omoios-relay-parked");
    expect(alarmedQueues).toContain("dev-omoios-notification-dead-letters");
    expect(alarmedQueues).not.toContain("dev-omoios-task-dead-letters");
  });

  test.each(queueReaders)(
    "$queue hides a message for six times its reader's timeout",
    ({ queue, function: reader }) => {
      const timeout = functions.find((row) => row.name === reader)?.timeout_seconds ?? Number.NaN;
      expect(queueNamed(`dev-omoios-${queue}`).VisibilityTimeout).toBe(6 * timeout);
    },
  );

  test("take messages over TLS only, and from nobody but rules of the bus", () => {
    const policies = ofType(dev, "AWS::SQS::QueuePolicy").map(([, policy]) => policy.Properties);
    const guarded = policies.filter(({ PolicyDocument }) =>
      PolicyDocument.Statement.some(
        (statement: { Effect: string; Condition?: unknown }) =>
          statement.Effect === "Deny" && JSON.stringify(statement.Condition).includes('"aws:SecureTransport":"false"'),
      ),
    );
    expect(guarded.flatMap(({ Queues }) => Queues.map((queue: unknown) => text(queue))).length).toBe(queueIds.size);
    const allowed = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === "Allow");
    expect(allowed.length).toBeGreaterThan(0);
    for (const { Principal, Condition } of allowed) {
      expect(Principal).toEqual({ Service: "events.amazonaws.com" });
      expect(Object.keys(Condition.ArnEquals)).toEqual(["aws:SourceArn"]);
    }
  });
});

describe("rules", () => {
  const onBus = ofType(dev, "AWS::Events::Rule").filter(([, rule]) => rule.Properties.EventBusName);
  const ruleTo = (queue: string): Resource | undefined =>
    onBus.find(([, rule]) => nameAt(rule.Properties.Targets[0].Arn) === `dev-omoios-${queue}`)?.[1];

  test("are one for each consumer and each forward", () => {
    expect(onBus).toHaveLength(consumers.length + forwards.length);
  });

  test.each(consumers)("$name gets its event types, whole", ({ name, events }) => {
    const rule = ruleTo(name)?.Properties;
    expect(rule.EventPattern).toEqual({ "detail-type": [...events] });
    expect(rule.Targets).toHaveLength(1);
    expect(rule.Targets[0].InputTransformer).toBeUndefined();
    expect(nameAt(rule.Targets[0].DeadLetterConfig.Arn)).toBe(`dev-omoios-${name}-dlq`);
  });

  test.each(forwards)("$name gets the members of its message", ({ queue, events, message }) => {
    const rule = ruleTo(queue)?.Properties;
    expect(rule.EventPattern).toEqual({ "detail-type": [...events] });
    const { InputPathsMap, InputTemplate } = rule.Targets[0].InputTransformer;
    // Each placeholder stands unquoted, so that EventBridge writes a string as a string and a number as a number.
    const members = [...InputTemplate.matchAll(/"([a-z_]+)":<([^>]+)>/g)].map(([, member, path]) => [
      member,
      InputPathsMap[path],
    ]);
    expect(Object.fromEntries(members)).toEqual(message);
  });
});
