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

/** As `toRfc3339`, for what may not have happened: then `null`, as the API shows it. */
export function timeOrNull(at: Instant | null | undefined): string | null {
  return at === undefined || at === null ? null : toRfc3339(at);
}

/** Seconds may be left out, as ISO 8601 has it; the offset may not, or the text would mean another moment on each machine. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

/** Reads an RFC 3339 time of any offset. Gives `undefined` where the text is none. */
export function fromRfc3339(text: string): Instant | undefined {
  const at = RFC_3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
