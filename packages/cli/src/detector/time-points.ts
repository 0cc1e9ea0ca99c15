import { step } from "@omoios/domain/monitor/detector";
import { newState } from "@omoios/domain/monitor/state";
import { seededRandom } from "@omoios/kernel/random";

const WARM_UP = 20_000;
const POINTS = 100_000;

/** Measures what a point costs now, in microseconds of processor time: a fixed series of noise with bursts, a point a minute. */
export function timePoints(): number {
  const random = seededRandom(1);
  const values = Float64Array.from({ length: WARM_UP + POINTS }, () => (random() < 0.01 ? 50 : 10) * (1 + random()));
  const state = newState();
  let before = process.cpuUsage();
  for (let i = 0; i < values.length; i++) {
    if (i === WARM_UP) before = process.cpuUsage();
    step(state, values[i] as number, i * 60_000);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / POINTS;
}
