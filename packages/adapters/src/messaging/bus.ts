import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type Envelope, EVENT_SOURCE } from "@omoios/contracts/events";
import { backoffMs } from "@omoios/kernel/backoff";
import { messageText } from "@omoios/kernel/message-text";
import { piecesOf } from "@omoios/kernel/pieces";
import type { Random } from "@omoios/kernel/random";

const BATCH = 10;
const TRIES = 4;
const BACKOFF = { base_ms: 50, cap_ms: 1_000, jitter: 0.5 };
/** Refusals that trying again cannot mend. */
const FINAL = new Set([
  "MalformedDetail",
  "InvalidArgument",
  "ValidationException",
  "NotAuthorizedForDetailTypeException",
]);

export interface Bus {
  client: EventBridgeClient;
  name: string;
  random: Random;
  sleep: (ms: number) => Promise<void>;
}

/** Publishes events and gives back those that the bus refused for good. Throws when it takes the rest at no try. */
export async function publish(bus: Bus, events: readonly Envelope[]): Promise<Envelope[]> {
  return (await Promise.all(piecesOf(events, BATCH).map((batch) => publishBatch(bus, batch)))).flat();
}

async function publishBatch(bus: Bus, batch: readonly Envelope[]): Promise<Envelope[]> {
  const refused: Envelope[] = [];
  let left = [...batch];
  for (let tries = 0; left.length > 0; tries++) {
    if (tries >= TRIES) throw new Error(`The bus did not take ${left.length} events in ${TRIES} tries`);
    if (tries > 0) await bus.sleep(backoffMs(BACKOFF, tries, bus.random));
    const { Entries = [] } = await bus.client.send(
      new PutEventsCommand({ Entries: left.map((event) => entryOf(bus.name, event)) }),
    );
    const failed = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
    refused.push(...left.filter((_, index) => FINAL.has(Entries[index]?.ErrorCode ?? "")));
    left = failed.filter((event) => !refused.includes(event));
  }
  return refused;
}

function entryOf(EventBusName: string, event: Envelope): PutEventsRequestEntry {
  return {
    EventBusName,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: messageText(event),
  };
}
