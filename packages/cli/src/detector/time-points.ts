import { step } from "@omoios/domain/monitor/detector";
import { newState } from "@omoios/domain/monitor/state";
import { seededRandom } from "@omoios/kernel/random";

const BATCHES = 9;
const POINTS = 20_000;

/**
 * Measures what a point costs now, in microseconds of processor time, on a fixed series: noise with bursts, a point a minute.
 * The median of nine batches, so that neither the compiler's first round nor a neighbour's load is what is measured.
 */
export function timePoints(): number {
  const random = seededRandom(1);
  const values = Float64Array.from({ length: BATCHES * POINTS }, () => (random() < 0.01 ? 50 : 10) * (1 + random()));
  const state = newState();
  const took: number[] = [];
  for (let from = 0; from < values.length; from += POINTS) {
    const before = process.cpuUsage();
    for (let i = from; i < from + POINTS; i++) step(state, values[i] as number, i * 60_000);
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / POINTS);
  }
  return took.sort((a, b) => a - b)[Math.floor(BATCHES / 2)] as number;
}
