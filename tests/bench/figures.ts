/** What a measure found, by the keys of the issue. Several figures of one key stand under names of their own. */
export type Figures = Record<string, number | { [name: string]: number | Record<string, number> }>;

/** The value below which a share of the samples lies; 0.5 is the median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("A quantile needs at least one sample");
  return value;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
export const sum = (samples: readonly number[]): number => samples.reduce((total, sample) => total + sample, 0);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
