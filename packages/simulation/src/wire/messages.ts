import { createHash } from "node:crypto";
import { consumers } from "@omoios/contracts/consumers";
import type { Envelope } from "@omoios/contracts/events";
import { forwards } from "@omoios/contracts/forwards";
import { queueReaders, queues } from "@omoios/contracts/topology";
import type { Chance } from "../chance.ts";
import type { Trace } from "../trace.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Faults } from "./faults.ts";
import type { Service } from "./wire.ts";

export type QueueName = (typeof queues)[number]["name"];

/** Queues of what was given up are read by people. */
const isReadByAFunction = (queue: QueueName): boolean => queueReaders.some((row) => row.queue === queue);

/** What a queue's function does with a message; false brings it again. */
export type Receive = (queue: QueueName, message: unknown) => Promise<boolean>;

export interface Messages {
  /** SQS, as its client asks it. */
  sqs: Service;
  /** EventBridge, as its client asks it. */
  bus: Service;
  /** Stream records that the relay put aside: there should be none. */
  readonly parked: readonly string[];
  /** Messages on their way that are due by now or soon. */
  readonly underway: number;
}

const VISIBILITY_MS = 360_000;
/** Delays of at most so long count as being on the way. */
const SOON_MS = 5_000;

interface MessageParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  trace: Trace;
  receive: Receive;
  /** Sees each event that the bus takes, again where it comes again. */
  heard?: ((event: Envelope) => void) | undefined;
}

/** Queues and bus in memory: every message takes its own time, and may be lost, doubled or late. */
export function messagesBy({ time, chance, faults, trace, receive, heard }: MessageParts): Messages {
  const parked: string[] = [];
  let underway = 0;

  const bring = (queue: QueueName, message: unknown, ms: number, receives: number): void => {
    const soon = ms <= SOON_MS;
    if (soon) underway++;
    time.after(ms, async () => {
      // Not awaited here: the function's own requests need time to go on.
      void receive(queue, message).then((done) => {
        if (soon) underway--;
        if (!done && receives < mostReceives(queue)) bring(queue, message, VISIBILITY_MS, receives + 1);
      });
    });
  };

  const send = (queue: QueueName, message: unknown, delay_ms: number): void => {
    if (queue === "relay-parked") parked.push(JSON.stringify(message));
    if (!isReadByAFunction(queue)) return;
    const fault = faults.ofMessage(queue);
    if (fault !== undefined) trace.note(`${time.now()} message ${queue} ${fault} ${JSON.stringify(message)}`);
    if (fault === "lost") return;
    const late = fault === "late" ? chance.between(2_000, 150_000) : 0;
    bring(queue, message, delay_ms + late + chance.between(5, 400), 1);
    if (fault === "doubled") bring(queue, message, delay_ms + chance.between(5, 3_000), 1);
  };

  return {
    parked,
    get underway() {
      return underway;
    },
    sqs: (operation, input) => {
      const queue = String(input.QueueUrl).split("/").at(-1) as QueueName;
      const entries = (operation === "SendMessage" ? [{ Id: "0", ...input }] : input.Entries) as Entry[];
      for (const entry of entries) send(queue, JSON.parse(entry.MessageBody), (entry.DelaySeconds ?? 0) * 1_000);
      const sent = entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: `m-${Id}`,
        MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex"),
      }));
      return ok(operation === "SendMessage" ? { ...sent[0] } : { Successful: sent, Failed: [] });
    },
    bus: (_operation, input, half) => {
      const { Entries } = input as { Entries: { DetailType: string; Detail: string }[] };
      const results = Entries.map(({ DetailType, Detail }, index) => {
        if (half && index % 2 === 1) return { ErrorCode: "ThrottlingException", ErrorMessage: "by the simulation" };
        const detail: Envelope = JSON.parse(Detail);
        heard?.(detail);
        for (const [queue, message] of targetsOf(DetailType, detail)) send(queue, message, 0);
        return { EventId: `e-${index}` };
      });
      return ok({
        FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
        Entries: results,
      });
    },
  };
}

const ok = (body: object) => ({ status: 200, body });

/** A message, as a client gives it. */
interface Entry {
  Id: string;
  MessageBody: string;
  DelaySeconds?: number;
}

const mostReceives = (name: QueueName): number =>
  (queues as readonly { name: QueueName; max_receives?: number }[]).find((row) => row.name === name)?.max_receives ?? 1;

/** Where the topology's rules send an event, and what arrives there. */
function targetsOf(type: string, detail: Envelope): [QueueName, unknown][] {
  const named = (row: { events: readonly string[] }) => row.events.includes(type);
  return [
    ...consumers.filter(named).map(({ name }): [QueueName, unknown] => [name, { "detail-type": type, detail }]),
    ...forwards
      .filter(named)
      .map(({ queue, message }): [QueueName, unknown] => [
        queue,
        Object.fromEntries(Object.entries(message).map(([member, path]) => [member, valueAt(detail, path)])),
      ]),
  ];
}

/** The value that an input transformer's path (`$.detail.…`) names. */
function valueAt(detail: Envelope, path: string): unknown {
  const names = path.replace(/^\$\.detail\./, "").split(".");
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], detail);
}
