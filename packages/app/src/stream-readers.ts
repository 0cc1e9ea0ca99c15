import { eventBridgeClient, sqsClient } from "@omoios/adapters/clients";
import { documentClient, systemSleep } from "@omoios/adapters/dynamodb/client";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { timersOn } from "@omoios/adapters/messaging/timers";
import { addFigures } from "@omoios/adapters/stream/figures";
import { relay, type StreamRecord } from "@omoios/adapters/stream/relay";
import { systemClock } from "@omoios/kernel/clock";
import { systemRandom } from "@omoios/kernel/random";
import { readConfiguration } from "./configuration.ts";
import { environment, type Variables } from "./environment.ts";
import { lazyKeys } from "./lazy-parts.ts";
import { tracing } from "./observe/traces.ts";
import { openedOnce } from "./opened.ts";

/** What the relay does with a batch of the stream. */
export function openRelay(variables: Variables): (records: readonly StreamRecord[]) => Promise<void> {
  return openedOnce("relay", variables, () => {
    const env = environment(variables);
    const { limits } = readConfiguration(env.configDir(), variables);
    const sqs = sqsClient();
    const parts = {
      log: logWriter({
        tables: { client: documentClient(), state: "", pulse: env.table("pulse"), sleep: systemSleep },
        keys: lazyKeys(env, "audit-keys"),
        clock: systemClock,
        random: systemRandom,
        retention_days: limits.retention_days.events,
      }),
      bus: { client: eventBridgeClient(), name: env.bus(), random: systemRandom, sleep: systemSleep },
      timers: timersOn(sqs, env.queue),
      sqs,
      parked_queue_url: env.queue("relay-parked"),
      clock: systemClock,
      tracing,
    };
    return (records: readonly StreamRecord[]) => relay(parts, records);
  });
}

/** What the second reader of the stream does with a batch. */
export function openFigures(variables: Variables): (records: readonly StreamRecord[]) => Promise<void> {
  return openedOnce("figures", variables, () => {
    const tables = {
      client: documentClient(),
      state: "",
      pulse: environment(variables).table("pulse"),
      sleep: systemSleep,
    };
    return (records: readonly StreamRecord[]) => addFigures(tables, records);
  });
}
