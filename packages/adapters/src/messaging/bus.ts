import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type Envelope, EVENT_SOURCE } from "@omoios/contracts/events";
import { backoffMs } from "@omoios/kernel/backoff";
import { messageText } from "@omoios/kernel/message-text";
import { sizedPiecesOf } from "@omoios/kernel/pieces";
import type { Random } from "@omoios/kernel/random";

/** EventBridge takes so many entries in a request, and so many bytes of them. */
const BATCH = { items: 10, size: 256 * 1024 };
/** What an entry counts for besides its detail, at most: its time, source and type. */
const HEAD_BYTES = 200;
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
  const parcels = events.map((event) => ({ event, entry: entryOf(bus.name, event) }));
  return (await Promise.all(sizedPiecesOf(parcels, BATCH, sizeOf).map((batch) => publishBatch(bus, batch)))).flat();
}

interface Parcel {
  event: Envelope;
  entry: PutEventsRequestEntry;
}

const sizeOf = ({ entry }: Parcel): number => HEAD_BYTES + Buffer.byteLength(entry.Detail ?? "");

async function publishBatch(bus: Bus, batch: readonly Parcel[]): Promise<Envelope[]> {
  const refused: Parcel[] = [];
  let left = [...batch];
  for (let tries = 0; left.length > 0; tries++) {
    if (tries >= TRIES) throw new Error(`The bus did not take ${left.length} events in ${TRIES} tries`);
    if (tries > 0) await bus.sleep(backoffMs(BACKOFF, tries, bus.random));
    const { Entries = [] } = await bus.client.send(new PutEventsCommand({ Entries: left.map(({ entry }) => entry) }));
    const failed = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
    refused.push(...left.filter((_, index) => FINAL.has(Entries[index]?.ErrorCode ?? "")));
    left = failed.filter((parcel) => !refused.includes(parcel));
  }
  return refused.map(({ event }) => event);
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
