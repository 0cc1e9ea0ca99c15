import type { Clock, Instant } from "@omoios/kernel/clock";
import type { LaneHint, LaneHints } from "../store.ts";

/** Reads hints of lanes, each kept for `keep_ms` in this process. */
export function cachedHints(
  hints: Pick<LaneHints, "read">,
  clock: Clock,
  keep_ms: number,
): (lanes: readonly string[]) => Promise<ReadonlyMap<string, LaneHint>> {
  const kept = new Map<string, { hint: LaneHint | undefined; until: Instant }>();
  return async (lanes) => {
    const now = clock.now();
    const missing = lanes.filter((lane) => (kept.get(lane)?.until ?? 0) <= now);
    if (missing.length > 0) {
      const read = await hints.read(missing);
      for (const lane of missing) kept.set(lane, { hint: read.get(lane), until: now + keep_ms });
    }
    return new Map(
      lanes.flatMap((lane) =>
        kept.get(lane)?.hint === undefined ? [] : [[lane, kept.get(lane)?.hint as LaneHint] as const],
      ),
    );
  };
}
