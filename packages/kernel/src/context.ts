import type { Instant } from "./clock.ts";
import type { Actor } from "./principal.ts";
import type { Random } from "./random.ts";

/** What every verb is given first: who acts, when, and as part of what. */
export interface Context {
  /** The time of this request or message. It does not move while the verb runs. */
  readonly now: Instant;
  readonly actor: Actor;
  /** Joins everything that follows from one cause, across events and messages. */
  readonly correlation_id: string;
  /** The event or message that led here, if one did. */
  readonly causation_id?: string;
  /** W3C trace context, continued from the caller. */
  readonly traceparent?: string;
  readonly random: Random;
}

/** The context of a part of the plane that acts by itself (a consumer, a timer, a sweep). */
export function systemContext(part: string, now: Instant, random: Random, from: Partial<Context> = {}): Context {
  return {
    correlation_id: `${part}-${now.toString(36)}`,
    ...from,
    now,
    random,
    actor: { kind: "system", id: part, authority: "SYSTEM" },
  };
}
