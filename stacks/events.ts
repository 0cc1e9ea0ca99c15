import { type App, Duration } from "aws-cdk-lib";
import { EventBus, EventField, Match, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue, type SqsQueueProps } from "aws-cdk-lib/aws-events-targets";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { consumers } from "../packages/contracts/src/consumers.ts";
import { alarmRules } from "../packages/contracts/src/default-bus.ts";
import { forwards } from "../packages/contracts/src/forwards.ts";
import { functions, queueReaders, queues, streamReaders } from "../packages/contracts/src/topology.ts";
import type { DefaultBusRow, FunctionRow, QueueName, QueueRow } from "../packages/contracts/src/topology-types.ts";
import { acknowledge } from "./acknowledged.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

/** Messages that nobody could handle are kept as long as SQS can. */
const KEEP = Duration.days(14);

/** The bus with its archive, every queue with its dead-letter queue, and the rules that bring events of this bus, and of the account's own, into queues. */
export class EventsStack extends PlaneStack {
  private readonly bus: EventBus;
  private readonly queues = new Map<QueueName, Queue>();
  private readonly deadLetters = new Map<QueueName, Queue>();

  constructor(app: App, stage: Stage) {
    super(app, stage, "events", "bus, rules and queues");
    this.bus = new EventBus(this, "bus", { eventBusName: stage.names.only("main") });
    this.addArchive();
    for (const row of queues) this.addQueue(row);
    for (const row of streamReaders) this.addLastQueue(stage.names.streamDeadLetters(row.function));
    for (const row of consumers) this.addRule(row.name, row.events, row.name);
    for (const row of forwards) this.addRule(`forward-${row.name}`, row.events, row.queue, row.message);
    const heard = { own: stage.names.only(""), others: stage.settings.cloudwatch_alarms };
    for (const row of alarmRules(heard)) this.addDefaultRule(row);
  }

  private addArchive(): void {
    const days = this.stage.settings.archive_days;
    if (days === 0) return;
    this.bus.archive("archive", {
      archiveName: this.stage.names.only("archive"),
      description: "Every event, for a replay",
      eventPattern: { source: Match.exists() },
      retention: Duration.days(days),
    });
  }

  private addQueue(row: QueueRow): void {
    const { names } = this.stage;
    if (row.max_receives === undefined) {
      this.queues.set(row.name, this.addLastQueue(names.queue(row.name)));
      return;
    }
    const deadLetters = this.addLastQueue(names.deadLetters(row.name));
    this.deadLetters.set(row.name, deadLetters);
    const queue = new Queue(this, names.queue(row.name), {
      queueName: names.queue(row.name),
      enforceSSL: true,
      visibilityTimeout: visibilityOf(row.name),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: row.max_receives },
    });
    this.queues.set(row.name, queue);
  }

  private addLastQueue(name: string): Queue {
    const queue = new Queue(this, name, { queueName: name, enforceSSL: true, retentionPeriod: KEEP });
    acknowledge(queue, "AwsSolutions-SQS3");
    return queue;
  }

  private addRule(
    name: string,
    events: readonly string[],
    to: QueueName,
    message?: Readonly<Record<string, string>>,
  ): void {
    const input = message ? { message: RuleTargetInput.fromObject(fieldsOf(message)) } : {};
    new Rule(this, `rule-${name}`, {
      ruleName: this.stage.names.only(name),
      eventBus: this.bus,
      eventPattern: { detailType: [...events] },
      targets: [this.targetOf(name, to, input)],
    });
  }

  /** A rule without a bus is on the account's default one. */
  private addDefaultRule({ name, source, event, detail, queue }: DefaultBusRow): void {
    new Rule(this, `rule-${name}`, {
      ruleName: this.stage.names.only(name),
      eventPattern: { source: [source], detailType: [event], detail },
      targets: [this.targetOf(name, queue, {})],
    });
  }

  private targetOf(rule: string, to: QueueName, input: Pick<SqsQueueProps, "message">): SqsQueue {
    const queue = this.queues.get(to);
    if (!queue) throw new Error(`The rule "${rule}" of the topology sends to "${to}", which is no queue of it.`);
    const deadLetterQueue = this.deadLetters.get(to);
    return new SqsQueue(queue, { ...input, ...(deadLetterQueue ? { deadLetterQueue } : {}) });
  }
}

const fieldsOf = (message: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(message).map(([member, path]) => [member, EventField.fromPath(path)]));

/** Six times the reader's timeout, as AWS advises, so that no message is handed out while its batch is still worked on. */
function visibilityOf(queue: QueueName): Duration {
  const reader = queueReaders.find((row) => row.queue === queue);
  const row: FunctionRow | undefined = functions.find((row) => row.name === reader?.function);
  if (!row) throw new Error(`The topology has no reader for the queue "${queue}", which has a dead-letter queue.`);
  return Duration.seconds(6 * row.timeout_seconds);
}
