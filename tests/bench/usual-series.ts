import type { Random } from "@omoios/kernel/random";

/** Gives the next value of a series in which nothing is strange. */
type Next = () => number;

const DAY = 1_440;

/**
 * Kinds of series without anomaly, a point a minute, as a plane and its machines have them. Each series draws its own level,
 * noise and habits; what is drawn is wide, and what a kind does once it does again and again.
 */
export const USUAL: Readonly<Record<string, (random: Random) => Next>> = {
  noise: (random) => {
    const level = between(random, 1, 1e4);
    const width = level * between(random, 0.005, 0.3);
    return () => level + width * normal(random);
  },
  daily_season: (random) => {
    const level = between(random, 1, 1e4);
    const swing = level * (0.1 + 0.8 * random());
    const width = level * between(random, 0.005, 0.1);
    let minute = Math.floor(random() * DAY);
    return () => level + swing * Math.sin((2 * Math.PI * minute++) / DAY) + width * normal(random);
  },
  office_hours: (random) => {
    const night = between(random, 0.2, 20);
    const day = night * (2 + 18 * random());
    let minute = Math.floor(random() * DAY);
    return () => poisson(random, night + (day - night) * workday((minute++ % DAY) / DAY));
  },
  counts: (random) => {
    const mean = between(random, 0.005, 100);
    return () => poisson(random, mean);
  },
  bursts: (random) => {
    const quiet = between(random, 0.1, 5);
    const busy = quiet * (3 + 10 * random());
    const begins = between(random, 1 / 300, 1 / 20);
    const ends = between(random, 1 / 20, 1 / 3);
    let bursting = false;
    return () => {
      bursting = bursting ? random() > ends : random() < begins;
      return poisson(random, bursting ? busy : quiet);
    };
  },
  walk_with_return: (random) => {
    const level = between(random, 1, 1e4);
    const pull = between(random, 1 / 600, 1 / 20);
    const width = level * 0.3 * random() * Math.sqrt(2 * pull);
    let off = 0;
    return () => {
      off += width * normal(random) - pull * off;
      return level + off;
    };
  },
  gauge_in_steps: (random) => {
    const values = 2 + Math.floor(30 * random());
    const changes = between(random, 1 / 2_000, 1 / 60);
    let value = Math.floor(random() * values);
    return () => {
      if (random() < changes) value = Math.floor(random() * values);
      return value;
    };
  },
  latency_lognormal: (random) => {
    const middle = between(random, 0.01, 1e3);
    const width = 0.3 + random();
    return () => middle * Math.exp(width * normal(random));
  },
  latency_pareto: (random) => {
    const least = between(random, 0.01, 1e3);
    const shape = 1.5 + 2.5 * random();
    return () => least * (1 - random()) ** (-1 / shape);
  },
};

/** Even on the logarithmic scale. */
function between(random: Random, least: number, most: number): number {
  return least * (most / least) ** random();
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(random: Random, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const drawn = random();
  let share = Math.exp(-mean);
  let count = 0;
  for (let below = share; drawn > below && count < 500; below += share) share *= mean / ++count;
  return count;
}

/** From 0 at night to 1 between about eight and six. */
function workday(time: number): number {
  return 1 / (1 + Math.exp((0.33 - time) * 60)) / (1 + Math.exp((time - 0.75) * 60));
}
