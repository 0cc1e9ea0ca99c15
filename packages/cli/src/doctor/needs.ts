import { queueReaders, schedules, streamReaders } from "@omoios/contracts/topology";

/** What a request keeps a function busy for, with what DynamoDB takes. */
const SECONDS_PER_REQUEST = 0.1;
/** Lambda starts with so many readers of a queue. */
const READERS_PER_QUEUE = 5;
/** A table that is paid by request begins with so many shards in its stream. */
const SHARDS = 4;
/** A write makes one or two events, and the relay sends up to ten in a call. */
const EVENTS_PER_REQUEST = 2;
const EVENTS_PER_CALL = 10;

interface Load {
  api: { rate_per_second: number };
  max_waiting_claims: number;
}

/** Functions that run at once while the API takes as many requests as the stage lets through. */
export function functionsAtOnceNeeded({ api, max_waiting_claims }: Load): number {
  const readers = streamReaders.reduce((sum, row) => sum + row.parallel * SHARDS, 0);
  const requests = Math.ceil(api.rate_per_second * SECONDS_PER_REQUEST) + max_waiting_claims;
  return requests + queueReaders.length * READERS_PER_QUEUE + readers + schedules.length;
}

/** Calls of PutEvents in a second at that load. */
export const putEventsNeeded = ({ api }: Load): number =>
  Math.ceil((api.rate_per_second * EVENTS_PER_REQUEST) / EVENTS_PER_CALL);
