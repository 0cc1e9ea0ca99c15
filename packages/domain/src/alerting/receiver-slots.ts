import type { Instant } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";
import type { RequestContext } from "../commit.ts";

/** A try that is under way to a receiver. */
export interface HeldSlot {
  /** From 0. */
  n: number;
  since: Instant;
  /** When it counts as lost with whoever held it. */
  until: Instant;
}

/** What is known of one receiver while something is sent to it. */
export interface ReceiverLoad {
  slots: readonly HeldSlot[];
  /** Tries in a row that it did not answer, or answered with a fault of its own. */
  failures: number;
  /** When the last of them was. */
  failed_at?: Instant | undefined;
}

/** How the last tries to a receiver went. */
export interface ReceiverHealth {
  /** Tries in a row that it did not answer, or answered with a fault of its own. */
  failures: number;
  last_success_at?: Instant | undefined;
  last_failure?: { at: Instant; detail: string } | undefined;
}

/** How a try went. */
export interface TryJudged {
  at: Instant;
  delivered: boolean;
  /** Whether the receiver was well, whatever it said of the notification; unknown where the plane itself did not send. */
  well?: boolean | undefined;
  detail: string;
}

/** Where the tries under way are counted, and how they went, for all functions that deliver. */
export interface ReceiverSlots {
  load(receiver: string): Promise<ReceiverLoad>;
  /** Whether the slot is now this holder's: another may have been faster. */
  take(receiver: string, slot: HeldSlot, holder: string, now: Instant): Promise<boolean>;
  /** Gives it back, unless somebody else has it by now. */
  free(receiver: string, n: number, holder: string): Promise<void>;
  health(receiver: string): Promise<ReceiverHealth>;
  /** A try has ended; what is known of it is kept until a time to live in seconds. */
  judged(receiver: string, made: TryJudged, ttl: number): Promise<void>;
  sleep(ms: number): Promise<void>;
}

/** Tries to one receiver at a time. A function works on ten deliveries side by side, and few that hang must not hold up all functions. */
export const MOST_AT_ONCE = 2;
/** Tries at a time to all receivers together that did not answer their last one: they have so many places, and all others the rest. */
export const FAILING_AT_ONCE = 4;
/** After so many failures in a row a receiver is tried by one at a time, and rests between two tries. */
const FAILING_AFTER = 3;
/** Where the tries to those that fail are counted: the name of no receiver. */
const FAILING = "/failing";
/** A receiver with much to be told would have all places of those that fail: it rests the longer, the more tries have failed. */
const REST_MS = { each: 5_000, most: 60_000 };
/** A try that takes longer than that is slow: others come back later. */
const QUICK_MS = 1_000;
const LOOK_AGAIN_MS = 100;
const WAIT_MS = 3_000;
const LATER_MS = { least: 1_000, most: 30_000 };

/** The slots that may be taken; none where the receiver has all that it gets or rests, and then whether one will soon be free. */
export function openSlots(
  load: ReceiverLoad,
  now: Instant,
  most = load.failures >= FAILING_AFTER ? 1 : MOST_AT_ONCE,
): { open: number[]; soon: boolean } {
  const { slots, failures } = load;
  const held = slots.filter(({ until }) => until > now);
  const soon = failures === 0 && held.some(({ since }) => since > now - QUICK_MS);
  if (held.length >= most || restsUntil(load) > now) return { open: [], soon };
  const taken = new Set(held.map(({ n }) => n));
  return { open: Array.from({ length: most }, (_, n) => n).filter((n) => !taken.has(n)), soon };
}

function restsUntil({ failures, failed_at = Number.NEGATIVE_INFINITY }: ReceiverLoad): Instant {
  const over = failures - FAILING_AFTER + 1;
  return over <= 0 ? Number.NEGATIVE_INFINITY : failed_at + Math.min(REST_MS.most, over * REST_MS.each);
}

/** When what found no slot is due again: the longer it waits already, the later. */
export function laterAt(since: Instant, now: Instant, random: Random): Instant {
  const waited = Math.min(LATER_MS.most, Math.max(LATER_MS.least, (now - since) / 2));
  return now + Math.round(waited * (1 + random()));
}

interface Holder {
  receiver: string;
  holder: string;
  lease_ms: number;
}

/** Gives a slot back. */
export type FreeSlot = () => Promise<void>;

/**
 * Takes a slot of a receiver, for which it waits a moment where that answers quickly, and of one that failed also a place among those that
 * fail. `undefined` where none is to be had.
 */
export async function takeSlot(
  slots: ReceiverSlots,
  { now, random }: RequestContext,
  wanted: Holder,
): Promise<FreeSlot | undefined> {
  const { receiver } = wanted;
  for (let waited = 0; ; ) {
    const at = now + waited;
    const load = await slots.load(receiver);
    const { open, soon } = openSlots(load, at);
    const free = await takeOne(slots, open, wanted, at);
    if (free !== undefined) return load.failures === 0 ? free : withPlace(slots, free, wanted, at);
    if ((open.length === 0 && !soon) || waited >= WAIT_MS) return undefined;
    const pause = Math.round(LOOK_AGAIN_MS * (1 + random()));
    await slots.sleep(pause);
    waited += pause;
  }
}

async function withPlace(
  slots: ReceiverSlots,
  free: FreeSlot,
  wanted: Holder,
  at: Instant,
): Promise<FreeSlot | undefined> {
  const { open } = openSlots(await slots.load(FAILING), at, FAILING_AT_ONCE);
  const leave = await takeOne(slots, open, { ...wanted, receiver: FAILING }, at);
  if (leave === undefined) {
    await free();
    return undefined;
  }
  return async () => {
    await leave();
    await free();
  };
}

/** The first of those slots that nobody else takes meanwhile. */
async function takeOne(
  slots: ReceiverSlots,
  open: readonly number[],
  { receiver, holder, lease_ms }: Holder,
  at: Instant,
): Promise<FreeSlot | undefined> {
  for (const n of open) {
    const taken = await slots.take(receiver, { n, since: at, until: at + lease_ms }, holder, at);
    if (taken) return () => slots.free(receiver, n, holder);
  }
  return undefined;
}
