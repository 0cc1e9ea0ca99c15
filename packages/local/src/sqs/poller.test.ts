import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AwsCaller, awsCaller } from "../aws-json.ts";
import { startQueueReader } from "./poller.ts";
import { sendBatches } from "./send-batches.ts";
import { type Queues, startQueues } from "./start.ts";

const WAIT = { timeout: 120_000, interval: 5 };
const REGION = "us-east-1";

let queues: Queues;
let sqs: AwsCaller;
let ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  queues = await startQueues(REGION);
  sqs = awsCaller("sqs", queues.endpoint, REGION);
});

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
  await queues.stop();
});

interface Received {
  batches: string[][];
  receives: Map<string, number>;
}

/** Reads the queue `timers`, whose messages go to the dead letters after five receives. */
function read(
  answer: (bodies: string[], ids: string[]) => unknown,
  onError: (error: unknown) => void = () => undefined,
) {
  const received: Received = { batches: [], receives: new Map() };
  const reader = startQueueReader({
    queue_url: queues.urls.timers,
    queue_arn: `arn:aws:sqs:${REGION}:000000000000:timers`,
    region: REGION,
    batch_size: 10,
    sqs,
    invoke: async (event) => {
      const { Records } = event as SQSEvent;
      received.batches.push(Records.map((record) => record.body));
      for (const { body, attributes } of Records)
        received.receives.set(body, Number(attributes.ApproximateReceiveCount));
      const [bodies, ids] = [Records.map((record) => record.body), Records.map((record) => record.messageId)];
      return answer(bodies, ids);
    },
    retryAfterMs: () => 0,
    reportError: onError,
  });
  ends.push(reader.stop);
  return received;
}

async function depth(url: string): Promise<number> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  type Answer = { Attributes: Record<string, string> };
  const { Attributes } = await sqs<Answer>("GetQueueAttributes", { QueueUrl: url, AttributeNames: names });
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

describe("a queue reader", () => {
  it("hands on batches and deletes what succeeded", async () => {
    await sendBatches(sqs, queues.urls.timers, ["a", "b", "c"]);
    const { batches, receives } = read(() => ({ batchItemFailures: [] }));
    await vi.waitFor(async () => expect(await depth(queues.urls.timers)).toBe(0), WAIT);
    expect(batches).toEqual([["a", "b", "c"]]);
    expect(receives.get("a")).toBe(1);
  });

  it("brings back only what was reported as failed", async () => {
    await sendBatches(sqs, queues.urls.timers, ["a", "b", "c"]);
    const failing = (bodies: string[], ids: string[]) => {
      const place = bodies.length > 1 ? bodies.indexOf("b") : -1;
      return { batchItemFailures: place < 0 ? [] : [{ itemIdentifier: ids[place] }] };
    };
    const { batches } = read(failing);
    await vi.waitFor(() => expect(batches).toHaveLength(2), WAIT);
    expect(batches[1]).toEqual(["b"]);
    await vi.waitFor(async () => expect(await depth(queues.urls.timers)).toBe(0), WAIT);
  });

  it("takes an unknown identifier for a failure of the whole batch", async () => {
    await sendBatches(sqs, queues.urls.timers, ["a", "b"]);
    let first = true;
    const { batches } = read(() => {
      const failures = first ? [{ itemIdentifier: "nobody" }] : [];
      first = false;
      return { batchItemFailures: failures };
    });
    await vi.waitFor(() => expect(batches.slice(1).flat().sort()).toEqual(["a", "b"]), WAIT);
  });

  it("moves what goes on failing to the dead letters, and reports the handler's error", async () => {
    await sendBatches(sqs, queues.urls.timers, ["poison"]);
    const errors: unknown[] = [];
    const failing = () => {
      throw new Error("no");
    };
    const { receives } = read(failing, (error) => errors.push(error));
    const deadLetters = queues.dead_letter_urls.timers ?? "";
    await vi.waitFor(async () => expect(await depth(deadLetters)).toBe(1), WAIT);
    expect(receives.get("poison")).toBe(5);
    expect(errors).toHaveLength(5);
    expect(await depth(queues.urls.timers)).toBe(0);
  });

  it("works on a bounded number of batches at once", async () => {
    await sendBatches(
      sqs,
      queues.urls.timers,
      Array.from({ length: 100 }, (_, place) => `m${place}`),
    );
    const waiting: (() => void)[] = [];
    const { batches } = read(() => new Promise<void>((done) => waiting.push(done)));
    await vi.waitFor(() => expect(waiting).toHaveLength(5), WAIT);
    expect(batches).toHaveLength(5);
    waiting.shift()?.();
    await vi.waitFor(() => expect(batches).toHaveLength(6), WAIT);
    await vi.waitFor(async () => {
      for (const done of waiting.splice(0)) done();
      expect(await depth(queues.urls.timers)).toBe(0);
    }, WAIT);
  });
});
