import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, it } from "vitest";
import { newHistogram, quantileOf, rankDeviation, rankSum } from "./histogram.ts";
import { binOf, sizeOf } from "./log-bins.ts";
import { FULL, FULL_BITS, POINT, SIDE_BINS } from "./settings.ts";

describe("logarithmic bins", () => {
  it.each([1, 1.25, 1.5, 1.75, 2, 1e-300, 1e300, 0.1])("holds %d between its bounds", (size) => {
    expect(sizeOf(binOf(size))).toBeLessThanOrEqual(size);
    expect(sizeOf(binOf(size) + 1)).toBeGreaterThan(size);
  });

  it("has four to an octave", () => {
    expect(binOf(8) - binOf(1)).toBe(12);
  });
});

describe("a rank", () => {
  const ofNoise = (count: number) => {
    const random = seededRandom(1);
    const histogram = newHistogram(true);
    for (let i = 0; i < count; i++) rankDeviation(histogram, 2 * random() - 1, 0, 1);
    return histogram;
  };

  it("is low for what is usual, and rises with how rare it is", () => {
    const bits = [0.01, 0.5, 0.9].map((size) => rankDeviation(ofNoise(4_000), size, 0, 1));
    expect(bits).toEqual([...bits].sort((a, b) => a - b));
    expect(bits[0]).toBeLessThan(2);
  });

  it("is full for more than was ever seen, and goes on rising past it", () => {
    const [double, eightfold] = [2, 8].map((size) => rankDeviation(ofNoise(4_000), size, 0, 1));
    expect(double).toBeGreaterThan(FULL_BITS);
    expect(eightfold).toBeGreaterThan((double ?? 0) + 2);
  });

  it("looks at one side only", () => {
    const histogram = newHistogram(true);
    for (let i = 0; i < 1_000; i++) rankDeviation(histogram, i % 2 === 0 ? 100 : -1, 0, 1);
    expect(rankDeviation(histogram, 90, 0, 1)).toBeLessThan(3);
    expect(rankDeviation(histogram, -90, 0, 1)).toBeGreaterThan(FULL_BITS);
  });

  it("measures by the scale where hardly anything was seen", () => {
    const constant = () => {
      const histogram = newHistogram(true);
      for (let i = 0; i < 2_000; i++) rankDeviation(histogram, 0, 0, 5);
      return histogram;
    };
    expect(rankDeviation(constant(), 4, 0, 5)).toBe(FULL_BITS - (FULL_BITS - rankDeviation(constant(), 5, 0, 5)));
    expect(rankDeviation(constant(), 500, 0, 5)).toBeGreaterThan(rankDeviation(constant(), 5, 0, 5) + 5);
  });
});

describe("the window of sizes", () => {
  it("follows sizes that grow, and those that shrink", () => {
    const histogram = newHistogram(false);
    for (const size of [1, 1e12, 1e-12]) {
      for (let i = 0; i < 60_000; i++) rankDeviation(histogram, size, 0, 1);
      const place = binOf(size) - histogram.origin;
      expect(place).toBeGreaterThan(0);
      expect(place).toBeLessThan(SIDE_BINS);
      expect(rankDeviation(histogram, size, 0, 1)).toBeLessThan(1);
    }
  });

  it("moves by an octave for a lone outlier, and loses no weight", () => {
    const histogram = newHistogram(true);
    for (let i = 0; i < 1_000; i++) rankDeviation(histogram, 1 + (i % 7), 0, 1);
    const { origin, total } = histogram;
    rankDeviation(histogram, 1e200, 0, 1);
    expect(histogram.origin).toBe(origin + 4);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(total + POINT);
  });
});

it("halves when it is full, and its total stays the sum of its counts", () => {
  const histogram = newHistogram(true);
  const random = seededRandom(2);
  for (let i = 0; i < 30_000; i++) {
    rankDeviation(histogram, random() - 0.5, 0, 1);
    if (i % 500 === 0) expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(histogram.total);
    expect(histogram.total).toBeLessThan(FULL);
  }
});

describe("a sum", () => {
  it("does not make itself usual while it rises", () => {
    const histogram = newHistogram(true);
    let lasting = 0;
    for (let i = 0; i < 2_000; i++) ({ lasting } = rankSum(histogram, i % 10, lasting));
    lasting = 0;
    const bits: number[] = [];
    for (let i = 1; i <= 40; i++) {
      const ranked = rankSum(histogram, 10 + 10 * i, lasting);
      lasting = ranked.lasting;
      bits.push(ranked.bits);
    }
    expect(lasting).toBe(40);
    expect(Math.min(...bits)).toBeGreaterThan(FULL_BITS - 1);
    expect(rankSum(histogram, 5, lasting).lasting).toBe(0);
  });
});

describe("a quantile", () => {
  it.each([0.05, 0.25, 0.5, 0.75, 0.95])("of even numbers from -1 to 1 at %d", (share) => {
    const random = seededRandom(3);
    const histogram = newHistogram(true);
    for (let i = 0; i < 7_000; i++) rankDeviation(histogram, 2 * random() - 1, 0, 1);
    expect(quantileOf(histogram, share)).toBeCloseTo(2 * share - 1, 1);
  });

  it("is 0 where nothing but 0 was, or nothing at all", () => {
    const histogram = newHistogram(true);
    expect(quantileOf(histogram, 0.95)).toBe(0);
    for (let i = 0; i < 10; i++) rankDeviation(histogram, 0, 0, 1);
    expect(quantileOf(histogram, 0.95)).toBe(0);
  });
});
