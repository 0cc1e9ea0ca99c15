import { rollingP95 } from "../detector.ts";
import type { Series } from "../series/model.ts";
import { LEARNING_POINTS } from "../settings.ts";
import { type DetectorBank, drawerOf } from "./bank.ts";
import { anomalyIdOf } from "./make-anomaly.ts";
import { heldPoints, missesPoints } from "./missed-points.ts";
import { resume, watchPoints } from "./watch-series.ts";

/** What the detector knows of a series. */
export interface Learned {
  /** It gives no verdict of the series' next point yet. */
  learning: boolean;
  /** The rolling 95th percentile, by which the next point is judged; undefined before the first one. */
  p95: number | undefined;
}

/** What is known of these series, by their ids: of their drawers alone, and of what came since those were written. */
export async function learnedOf(
  bank: Pick<DetectorBank, "read">,
  series: readonly Series[],
): Promise<Map<string, Learned>> {
  const drawers = await bank.read([...new Set(series.map(({ id }) => drawerOf(id)))]);
  const watched = new Map(drawers.flatMap((drawer) => [...drawer.watched]));
  return new Map(
    series.map((each) => {
      const watching = resume(watched.get(each.id));
      const { state } = watching;
      // What the row holds no more is learned by the next sweep, and nothing before it.
      if (!missesPoints(each, state.last_at)) watchPoints(watching, heldPoints(each), (at) => anomalyIdOf(each.id, at));
      const p95 = state.points === 0 ? undefined : rollingP95(state);
      return [each.id, { learning: state.points < LEARNING_POINTS, p95 }];
    }),
  );
}
