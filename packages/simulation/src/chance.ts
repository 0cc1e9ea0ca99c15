import { createHash } from "node:crypto";
import { type Random, seededRandom } from "@omoios/kernel/random";

/** Chance for one part of a simulation: what one part draws changes nothing for another. */
export interface Chance {
  random: Random;
  /** True in so many of a hundred cases. */
  percent(of: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  /** One of the list, which must not be empty. */
  one<T>(list: readonly T[]): T;
  /** A part's own chance. */
  of(part: string): Chance;
}

export function chance(seed: number, part = "seed"): Chance {
  const random = seededRandom(createHash("sha256").update(`${seed}/${part}`).digest().readUInt32LE());
  return {
    random,
    percent: (of) => random() * 100 < of,
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    one(list) {
      const [chosen] = list.slice(Math.floor(random() * list.length));
      if (chosen === undefined) throw new Error("There is nothing to choose from");
      return chosen;
    },
    of: (name) => chance(seed, `${part}/${name}`),
  };
}
