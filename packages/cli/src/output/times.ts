const UNITS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
] as const;

/** A span in its largest fitting unit: `12 s`, `3 min`, `2 h`, `5 d`. */
export function span(seconds: number): string {
  const [size, unit] = UNITS.find(([limit]) => seconds >= limit) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / size))} ${unit}`;
}

/** How long ago a time was, seen from `now`; empty for none. */
export function ago(time: string | null, now: number): string {
  return time === null ? "" : span((now - Date.parse(time)) / 1000);
}

/** A time in UTC, to the second. */
export function clockTime(time: string | null): string {
  return time === null ? "" : new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
