import { currentScope } from "@omoios/app/observe/scope";
import type { Notification } from "@omoios/contracts/shapes/alert";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import type { Instant } from "@omoios/kernel/clock";
import { readTraceparent } from "@omoios/kernel/trace-context";
import type { Chance } from "../chance.ts";
import type { Process } from "../processes.ts";
import type { Trace } from "../trace.ts";
import type { VirtualTime } from "../virtual-time.ts";

/** One try to tell a receiver something, and how it answered. */
export interface Told {
  at: Instant;
  receiver: string;
  status: number;
  notification: Notification;
  /** Of what led to it. */
  trace_id: string | undefined;
}

/** Those who are told of alerts: each is a webhook that keeps what it is sent. */
export interface Receivers {
  readonly told: readonly Told[];
  /** Lets one answer with a status for so long; it takes what it is sent before and after. */
  answer(receiver: string, status: number, for_ms: number): void;
  sender(process: Process): Sender;
}

interface ReceiverParts {
  time: VirtualTime;
  chance: Chance;
  trace: Trace;
}

const HOST = "https://receivers.simulated/";

/** The routing with each of its receivers, whatever its type, as a webhook. */
export const toWebhooks = (
  routing: RoutingConfig,
  addressOf: (name: string) => { url: string; secret: string },
): RoutingConfig => ({
  ...routing,
  receivers: routing.receivers.map(({ name, send_resolved }) => ({
    name,
    send_resolved,
    type: "webhook",
    ...addressOf(name),
  })),
});

/** With each of its receivers as one of these webhooks. */
export const captured = (routing: RoutingConfig): RoutingConfig =>
  toWebhooks(routing, (name) => ({
    url: `${HOST}${name}`,
    secret: `whsec_${Buffer.alloc(32).toString("base64")}`,
  }));

export function receiversOn({ time, chance, trace }: ReceiverParts): Receivers {
  const told: Told[] = [];
  const answers = new Map<string, { status: number; until: Instant }>();

  const take = (receiver: string, body: string): number => {
    const set = answers.get(receiver);
    const status = set !== undefined && time.now() < set.until ? set.status : 200;
    const trace_id = readTraceparent(currentScope()?.context.traceparent)?.trace_id;
    told.push({ at: time.now(), receiver, status, notification: JSON.parse(body), trace_id });
    trace.note(`${time.now()} ${receiver} answers ${status} to ${body}`);
    return status;
  };

  return {
    told,
    answer(receiver, status, for_ms) {
      answers.set(receiver, { status, until: time.now() + for_ms });
    },
    sender: (process) => ({
      secrets: async () => new Map(),
      async send(payload) {
        await time.sleep(chance.between(5, 80));
        if (payload.kind !== "http") throw new Error("Receivers are webhooks here");
        const status = take(payload.url.slice(HOST.length), payload.body);
        await time.sleep(chance.between(5, 80));
        return new Promise((resolve) => {
          // Nothing goes on in a process that died meanwhile.
          if (!process.dead) resolve({ status });
        });
      },
      dead: async ({ notification_id }) => trace.note(`${time.now()} ${notification_id} is given up`),
    }),
  };
}
