/** Uniform in [0, 1). Given, not taken, so that a simulation replays the same. */
export type Random = () => number;

const words = new Uint32Array(1024);
let drawn = words.length;

/** The machine's own source, drawn a block at a time: one word by itself costs fifty times as much. */
export const systemRandom: Random = () => {
  if (drawn >= words.length) {
    crypto.getRandomValues(words);
    drawn = 0;
  }
  return (words[drawn++] ?? 0) / 2 ** 32;
};

/** Mulberry32: a small seeded generator, good enough to order a simulation and no good for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One member of the list, uniformly; `undefined` for an empty list. */
export function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[Math.floor(random() * list.length)];
}
