import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { QueueName } from "@omoios/contracts/topology-types";
import type { AwsCaller } from "../aws-json.ts";
import { listen, readBody } from "../http.ts";
import { sendBatches } from "../sqs/send-batches.ts";
import type { BusFaults } from "./bus-faults.ts";
import { DEFAULT_BUS, type Entry, RequestRefused, readEntries, readEntry } from "./put-events.ts";
import type { BusEvent, Rule } from "./rules.ts";

export interface Bus {
  /** Where `PutEvents` is served. */
  endpoint: string;
  /** Calls the function with every event of the stage's bus from now on, after the queues took it. Gives what ends that. */
  subscribe(observe: (event: BusEvent) => void): () => void;
  stop(): Promise<void>;
}

export interface BusOptions {
  name: string;
  region: string;
  account: string;
  rules: readonly Rule[];
  /** Those on the account's default bus. */
  default_rules: readonly Rule[];
  sqs: AwsCaller;
  queue_urls: Readonly<Record<QueueName, string>>;
  /** What goes wrong between the bus and the queues; nothing without. */
  faults?: Pick<BusFaults, "delaysOf">;
  now?: () => number;
}

/** A request in AWS JSON may hold more than its entries count for. */
const BODY_BYTES = 2 * 1024 * 1024;

/**
 * Serves EventBridge's `PutEvents` on 127.0.0.1. An answered entry is in every queue whose rule takes it: events wait for nobody
 * here, so that a plane killed after the answer has lost none but with its queues.
 */
export async function startBus(options: BusOptions): Promise<Bus> {
  const observers = new Set<(event: BusEvent) => void>();
  const server = await listen(0, async (request, response) => {
    try {
      const operation = String(request.headers["x-amz-target"] ?? "").replace("AWSEvents.", "");
      const body = await readBody(request, BODY_BYTES);
      if (operation !== "PutEvents") {
        return answer(
          response,
          400,
          refusal("UnknownOperationException", `Only PutEvents is served here, not ${operation || "this"}.`),
        );
      }
      if (body === undefined)
        return answer(response, 413, refusal("RequestEntityTooLarge", "The request is over 2 MB."));
      const results = await putEvents(parse(body), options, observers);
      const failed = results.filter((result) => result.ErrorCode !== undefined).length;
      answer(response, 200, { FailedEntryCount: failed, Entries: results });
    } catch (error) {
      if (error instanceof RequestRefused) answer(response, 400, refusal(error.name, error.message));
      else answer(response, 500, refusal("InternalException", String(error)));
    }
  });
  return {
    endpoint: server.url,
    subscribe: (observe) => {
      observers.add(observe);
      return () => observers.delete(observe);
    },
    stop: () => server.close(),
  };
}

async function putEvents(body: unknown, options: BusOptions, observers: ReadonlySet<(event: BusEvent) => void>) {
  const { name, region, account, rules, default_rules } = options;
  const now = (options.now ?? Date.now)();
  const [events, aws_events]: [BusEvent[], BusEvent[]] = [[], []];
  const results = readEntries(body).map((entry: Entry): PutEventsResultEntry => {
    const judged = readEntry(entry, { id: randomUUID(), account, region, buses: [name, DEFAULT_BUS], now });
    if ("failure" in judged) return judged.failure;
    (judged.bus === name ? events : aws_events).push(judged.event);
    return { EventId: judged.event.id };
  });
  await Promise.all([deliver(events, rules, options), deliver(aws_events, default_rules, options)]);
  for (const event of events) for (const observe of observers) observe(event);
  return results;
}

async function deliver(
  events: readonly BusEvent[],
  rules: readonly Rule[],
  { sqs, queue_urls, faults }: BusOptions,
): Promise<void> {
  await Promise.all(
    rules.map((rule) => {
      const bodies = events.filter(rule.accepts).map(rule.body);
      const shares = faults === undefined ? new Map([[0, bodies]]) : byDelay(bodies, faults);
      return Promise.all([...shares].map(([delay, its]) => sendBatches(sqs, queue_urls[rule.queue], its, delay)));
    }),
  );
}

function byDelay(bodies: readonly string[], { delaysOf }: Pick<BusFaults, "delaysOf">): Map<number, string[]> {
  const shares = new Map<number, string[]>();
  for (const body of bodies) for (const delay of delaysOf()) shares.set(delay, [...(shares.get(delay) ?? []), body]);
  return shares;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new RequestRefused("The request is not JSON.");
  }
}

const refusal = (type: string, message: string) => ({ __type: type, message });

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}
