/** Milliseconds since the Unix epoch, UTC. The only form in which time travels inside the plane. */
export type Instant = number;

/** Where time comes from. Decisions never hold one: they receive `now`. */
export interface Clock {
  now(): Instant;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** RFC 3339, UTC, with milliseconds: the form in which time leaves the plane. */
export function toRfc3339(at: Instant): string {
  return new Date(at).toISOString();
}

/** Reads an RFC 3339 time. Gives `undefined` where the text is no time. */
export function fromRfc3339(text: string): Instant | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
