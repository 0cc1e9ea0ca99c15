import type { Limits } from "@omoios/contracts/limits";
import { type Commit, type RequestContext, Stale } from "../../commit.ts";
import { inTurn } from "../../in-turn.ts";
import type { Store } from "../../store.ts";
import { encodeState } from "../codec.ts";
import type { Series } from "../series/model.ts";
import type { AnomalyRow } from "./anomaly-row.ts";
import { type DetectorBank, type Drawer, drawerOf, isTurn } from "./bank.ts";
import { anomalyIdOf, anomalyRow } from "./make-anomaly.ts";
import { type Watched, type Watching, watchSeries } from "./watch-series.ts";

export interface DetectParts {
  state: Store;
  commit: Commit;
  bank: DetectorBank;
  limits: Pick<Limits, "retention_days">;
}

/** What was strange so long ago is no news, if nobody looked then. */
const NEWS_MS = 3_600_000;
const DAY_SECONDS = 86_400;

/** One run of the detector over every series. */
export interface Detection {
  see(series: readonly Series[]): Promise<void>;
  /** Writes the drawers whose turn it is, without the series that are gone. Only after every series was seen. */
  finish(): Promise<void>;
}

interface Turn {
  drawer: Drawer | undefined;
  /** Series that exist. */
  seen: Set<string>;
  changed: Map<string, Watching>;
}

export async function detection(parts: DetectParts, ctx: RequestContext): Promise<Detection> {
  const turns = new Map<number, Turn>();
  for (const drawer of await parts.bank.load()) turns.set(drawer.n, { drawer, seen: new Set(), changed: new Map() });
  const turnOf = (n: number): Turn => {
    const turn = turns.get(n) ?? { drawer: undefined, seen: new Set(), changed: new Map() };
    turns.set(n, turn);
    return turn;
  };

  return {
    async see(all) {
      const strange: [Series, Watching][] = [];
      for (const series of all) {
        const turn = turnOf(drawerOf(series.id));
        turn.seen.add(series.id);
        const points = [...(series.tail ?? []), ...series.recent];
        const idOf = (at: number) => anomalyIdOf(series.id, at);
        const watching = watchSeries(turn.drawer?.watched.get(series.id), points, idOf);
        if (watching === undefined) continue;
        turn.changed.set(series.id, watching);
        if (watching.findings.length + watching.cleared.length > 0) strange.push([series, watching]);
      }
      await inTurn(strange, ([series, watching]) => tell(parts, ctx, series, watching));
    },

    async finish() {
      const due = [...turns].filter(([n, { drawer, changed }]) => {
        const steps = Math.max(0, ...[...changed.values()].map((each) => each.steps));
        return changed.size > 0 && isTurn(n, drawer?.written_at, steps, ctx.now);
      });
      await inTurn(due, ([n, turn]) => save(parts.bank, n, turn, ctx.now));
    },
  };
}

/** Whoever was faster has written a state of the same points. */
async function save(bank: DetectorBank, n: number, { drawer, seen, changed }: Turn, now: number): Promise<void> {
  const watched = new Map<string, Watched>([...(drawer?.watched ?? [])].filter(([id]) => seen.has(id)));
  for (const [id, { state, open, calm }] of changed) watched.set(id, { state: encodeState(state), open, calm });
  try {
    await bank.save({ n, watched, written_at: now, version: drawer?.version ?? 0 });
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}

/** Tells what was found and what is over, each once: the anomaly's own row decides. */
async function tell(
  { state: store, commit, limits }: DetectParts,
  ctx: RequestContext,
  series: Series,
  { findings, cleared }: Watching,
): Promise<void> {
  const news = findings.filter(({ at }) => at > ctx.now - NEWS_MS);
  const ids = [...new Set([...news.map(({ anomaly_id }) => anomaly_id), ...cleared])];
  const rows = await store.getMany(
    "anomaly",
    ids.map((anomaly_id) => ({ anomaly_id })),
  );
  const known = new Map(rows.map((row) => [row.anomaly_id, row]));
  const traced = series.traceparent === undefined ? ctx : { ...ctx, traceparent: series.traceparent };
  const ttl = Math.ceil(ctx.now / 1000) + limits.retention_days.alerts * DAY_SECONDS;
  await onceEach(async () => {
    for (const found of news.filter(({ anomaly_id }) => !known.has(anomaly_id))) {
      const after = anomalyRow(series, found, ttl);
      const [row] = await commit(traced, [{ kind: "anomaly", after, events: [{ type: "monitor.anomaly.detected" }] }]);
      known.set(found.anomaly_id, row as AnomalyRow);
    }
    for (const id of cleared) {
      const before = known.get(id);
      if (before === undefined || before.cleared_at !== undefined) continue;
      const after = { ...before, cleared_at: ctx.now };
      await commit(traced, [{ kind: "anomaly", before, after, events: [{ type: "monitor.anomaly.cleared" }] }]);
    }
  });
}

/** A sweep that runs beside this one told it, or tells the rest; the next sweep looks again. */
async function onceEach(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}
