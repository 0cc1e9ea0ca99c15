import type { Limits } from "@omoios/contracts/limits";
import type { Commit, EventDraft, RequestContext } from "../../commit.ts";
import { unlessStale } from "../../decide.ts";
import { expiryInDays } from "../../expiry.ts";
import { inTurn } from "../../in-turn.ts";
import type { Store } from "../../store.ts";
import { encodeState } from "../codec.ts";
import type { JudgeParts } from "../series/judge.ts";
import type { Point, Series } from "../series/model.ts";
import { traceOf } from "../series/traces.ts";
import type { AnomalyRow } from "./anomaly-row.ts";
import { type DetectorBank, type Drawer, drawerOf, isTurn } from "./bank.ts";
import { clearGone, openOfGone } from "./gone-series.ts";
import { anomalyIdOf, anomalyRow } from "./make-anomaly.ts";
import { heldPoints, missesPoints, replayedPoints } from "./missed-points.ts";
import { endsInSilence, resume, type Watched, type Watching, watchPoints } from "./watch-series.ts";

export interface DetectParts extends Pick<JudgeParts, "rules" | "store"> {
  state: Store;
  commit: Commit;
  bank: DetectorBank;
  limits: Pick<Limits, "retention_days">;
}

/** What was strange so long ago is no news, if nobody looked then. */
const NEWS_MS = 3_600_000;
/** Series of which one sweep takes up what was missed; the others are left as they are until the next one. */
const MOST_REPLAYED = 1_000;

/** One run of the detector over every series. */
export interface Detection {
  /** Whether something strange about a series is not over, by the points that it has: until it is, usual ones are waited for. */
  isOpen(series: Series): boolean;
  see(series: readonly Series[]): Promise<void>;
  /** Writes the drawers whose turn it is, without the series that are gone, whose anomalies are over. Only after every series was seen. */
  finish(): Promise<void>;
}

interface Turn {
  drawer: Drawer | undefined;
  /** Series that exist. */
  seen: Set<string>;
  changed: Map<string, Watching>;
}

export async function detection(
  parts: DetectParts,
  ctx: RequestContext,
  most_replayed = MOST_REPLAYED,
): Promise<Detection> {
  const turns = new Map<number, Turn>();
  for (const drawer of await parts.bank.load()) turns.set(drawer.n, { drawer, seen: new Set(), changed: new Map() });
  const turnOf = (n: number): Turn => {
    const turn = turns.get(n) ?? { drawer: undefined, seen: new Set(), changed: new Map() };
    turns.set(n, turn);
    return turn;
  };

  const keep = ({ id }: Series, watching: Watching) => void turnOf(drawerOf(id)).changed.set(id, watching);
  let left = most_replayed;
  const watch = (series: Series, watching: Watching, points: readonly Point[]): void => {
    watchPoints(watching, points, (at) => anomalyIdOf(series.id, at));
    if (watching.steps > 0) keep(series, watching);
  };

  /** Of series that were asked for before they are seen. */
  const begun = new Map<string, Watching>();
  const resumed = ({ id }: Series): Watching =>
    begun.get(id) ?? resume(turns.get(drawerOf(id))?.drawer?.watched.get(id));

  return {
    isOpen(series) {
      const watching = resumed(series);
      begun.set(series.id, watching);
      if (!missesPoints(series, watching.state.last_at)) watch(series, watching, heldPoints(series));
      return watching.open.length > 0;
    },

    async see(all) {
      const watched = all.map((series): [Series, Watching] => {
        turnOf(drawerOf(series.id)).seen.add(series.id);
        const watching = resumed(series);
        begun.delete(series.id);
        return [series, watching];
      });
      const behind = watched.filter(([series, { state }]) => missesPoints(series, state.last_at));
      const replayed = behind.slice(0, left);
      left -= replayed.length;
      await inTurn(replayed, async ([series, watching]) => {
        watch(series, watching, await replayedPoints(parts.store, series, watching.state.last_at, ctx.now));
      });
      const waiting = new Set(behind.map(([series]) => series));
      for (const [series, watching] of watched) {
        if (waiting.has(series)) continue;
        watch(series, watching, heldPoints(series));
        if (endsInSilence(watching, ctx.now)) keep(series, watching);
      }
      const strange = watched.filter(([, { findings, cleared }]) => findings.length + cleared.length > 0);
      await inTurn(strange, ([series, watching]) => tell(parts, ctx, series, watching));
    },

    async finish() {
      const due = [...turns].filter(([n, { drawer, seen, changed }]) => {
        const steps = Math.max(0, ...[...changed.values()].map((each) => each.steps));
        const differs = changed.size > 0 || openOfGone(drawer, seen).length > 0;
        return differs && isTurn(n, drawer?.written_at, steps, ctx.now);
      });
      await inTurn(due, async ([n, turn]) => {
        await clearGone(parts, ctx, openOfGone(turn.drawer, turn.seen));
        await save(parts.bank, n, turn, ctx.now);
      });
    },
  };
}

/** Whoever was faster has written a state of the same points. */
async function save(bank: DetectorBank, n: number, { drawer, seen, changed }: Turn, now: number): Promise<void> {
  const watched = new Map<string, Watched>([...(drawer?.watched ?? [])].filter(([id]) => seen.has(id)));
  for (const [id, { state, open, calm }] of changed) watched.set(id, { state: encodeState(state), open, calm });
  await unlessStale(() => bank.save({ n, watched, written_at: now, version: drawer?.version ?? 0 }));
}

/** Tells what was found and what is over, each once: the anomaly's own row decides. */
async function tell(
  { state: store, commit, limits, rules: inForce }: DetectParts,
  ctx: RequestContext,
  series: Series,
  { findings, cleared, open }: Watching,
): Promise<void> {
  const news = findings.filter(({ at }) => at > ctx.now - NEWS_MS);
  const ids = [...new Set([...news.map(({ anomaly_id }) => anomaly_id), ...cleared])];
  const rows = await store.getMany(
    "anomaly",
    ids.map((anomaly_id) => ({ anomaly_id })),
  );
  const known = new Map(rows.map((row) => [row.anomaly_id, row]));
  const ttl = expiryInDays(ctx.now, limits.retention_days.alerts);
  const rules = await inForce.ofMetric(series.metric);
  // A sweep that runs beside this one told it, or tells the rest; the next sweep looks again.
  await unlessStale(async () => {
    for (const found of news.filter(({ anomaly_id }) => !known.has(anomaly_id))) {
      const traceparent = traceOf(series.traces, found.at);
      const after = anomalyRow(series, found, rules, { traceparent, ttl });
      const [row] = await commit(under(ctx, traceparent), [
        { kind: "anomaly", after, events: [{ type: "monitor.anomaly.detected" }] },
      ]);
      known.set(found.anomaly_id, row as AnomalyRow);
    }
    for (const id of cleared) {
      const before = known.get(id);
      if (before === undefined || before.cleared_at !== undefined) continue;
      const after = { ...before, cleared_at: ctx.now };
      await commit(under(ctx, before.traceparent), [{ kind: "anomaly", before, after, events: [clearedBeside(open)] }]);
    }
  });
}

/** The same work in the trace of the sample that is strange. */
const under = (ctx: RequestContext, traceparent: string | undefined): RequestContext =>
  traceparent === undefined ? ctx : { ...ctx, traceparent };

/** One sweep may see the end of an anomaly and the begin of another one of its series: its alert then goes on. */
const clearedBeside = ({ length: others_open }: readonly string[]): EventDraft => ({
  type: "monitor.anomaly.cleared",
  ...(others_open > 0 ? { data: { others_open } } : {}),
});
