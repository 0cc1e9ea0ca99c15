import { packed } from "@omoios/adapters/dynamodb/detector-bank";
import { timePoints } from "@omoios/cli/detector/time-points";
import { shortDigest } from "@omoios/domain/digest";
import { anomalyIdOf } from "@omoios/domain/monitor/anomalies/make-anomaly";
import { MOST_OPEN } from "@omoios/domain/monitor/anomalies/watch-series";
import { encodeState } from "@omoios/domain/monitor/codec";
import { step } from "@omoios/domain/monitor/detector";
import { type DetectorState, newState } from "@omoios/domain/monitor/state";
import { seededRandom } from "@omoios/kernel/random";
import { type Figures, rounded, sum } from "../figures.ts";
import { scoreNab } from "../nab.ts";
import { USUAL } from "../usual-series.ts";

const SERIES_OF_A_KIND = 120;
const DAYS = 4;
const POINTS = DAYS * 1_440;

/** Holds the detector to the Numenta benchmark and to series in which nothing is strange. Chance is seeded. */
export async function measureAnomalyDetector(): Promise<Figures> {
  const nab = await scoreNab();
  if (nab === undefined) {
    process.stderr.write(
      "detector.nab_standard is left out: there is no data/nab in the folder shared beside this one\n",
    );
  }
  const of_kinds = Object.keys(USUAL).map((kind) => [kind, usualSeries(kind)] as const);
  const by_kind = Object.fromEntries(of_kinds.map(([kind, { falsely }]) => [kind, falsely]));
  const daily = sum(Object.values(by_kind)) / Object.keys(by_kind).length;
  return {
    ...(nab === undefined ? {} : { "detector.nab_standard": nab.score, "detector.nab": nab.beside }),
    "detector.us_per_point": rounded(timePoints(), 3),
    "detector.bytes_per_series": Math.max(...of_kinds.map(([, { stored_bytes }]) => stored_bytes)),
    "detector.daily_false_anomalies_per_1000_series": rounded(daily),
    "detector.false_anomalies_by_kind": by_kind,
  };
}

/**
 * What was called an anomaly, in a day of 1,000 series of a kind; the first day, with its 200 points of learning, counts too. And the
 * most that is stored of one of them.
 */
function usualSeries(kind: string): { falsely: number; stored_bytes: number } {
  let found = 0;
  let stored_bytes = 0;
  for (let seed = 1; seed <= SERIES_OF_A_KIND; seed++) {
    const next = USUAL[kind]?.(seededRandom(seed * 7_919));
    if (next === undefined) throw new Error(`There is no kind ${kind}`);
    const state = newState();
    for (let i = 0; i < POINTS; i++) if (step(state, next(), i * 60_000).verdict === "anomalous") found++;
    stored_bytes = Math.max(stored_bytes, storedBytes(state));
  }
  return { falsely: rounded((found * 1_000) / SERIES_OF_A_KIND / DAYS, 1), stored_bytes };
}

/** A series' entry in its drawer: id, state in base64, and as many open anomalies as there may be. */
function storedBytes(state: DetectorState): number {
  const id = shortDigest("series");
  const open = Array.from({ length: MOST_OPEN }, (_, at) => anomalyIdOf(id, at));
  const entry = { [id]: packed({ state: encodeState(state), open, calm: 4 }) };
  return Buffer.byteLength(JSON.stringify(entry));
}
