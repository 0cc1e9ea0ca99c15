import type { Clock, Instant } from "@omoios/kernel/clock";
import { type NoteRead, UNCOUNTED } from "./cache-counts.ts";

export interface CachedRead<T> {
  (): Promise<T>;
  /** Reads anew at the next call. */
  forget(): void;
}

/** Reads something, and keeps it for `keep_ms` in this process. Those who ask at the same time read once; a failed read is not kept. */
export function cachedRead<T>(
  read: () => Promise<T>,
  clock: Clock,
  keep_ms: number,
  note: NoteRead = UNCOUNTED,
): CachedRead<T> {
  let kept: { value: Promise<T>; until: Instant } | undefined;
  const known = () => {
    const now = clock.now();
    const knows = kept !== undefined && kept.until > now;
    note(knows);
    if (kept !== undefined && knows) return kept.value;
    const fresh = { value: read(), until: now + keep_ms };
    kept = fresh;
    fresh.value.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return fresh.value;
  };
  return Object.assign(known, {
    forget() {
      kept = undefined;
    },
  });
}
