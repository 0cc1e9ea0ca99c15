import { describe, expect, it } from "vitest";
import { step } from "./detector.ts";
import { anomaliesIn, MINUTE, noise, readingsOf, valuesBy } from "./detector-series.fixture.ts";
import { LEARNING_POINTS, NAB_THRESHOLD, REFRACTORY_POINTS, SEVERITY_BITS, THRESHOLD } from "./settings.ts";
import { newState } from "./state.ts";

describe("learning", () => {
  it("gives no verdict and no score in the first 200 points, whatever comes", () => {
    const next = noise(1);
    const readings = readingsOf(valuesBy(LEARNING_POINTS, (i) => (i % 50 === 49 ? 1e6 : next())));
    expect(new Set(readings.map(({ verdict }) => verdict))).toEqual(new Set(["learning"]));
    expect(Math.max(...readings.map(({ score }) => score))).toBe(0);
  });

  it("judges from the next one on", () => {
    const next = noise(1);
    expect(readingsOf(valuesBy(LEARNING_POINTS + 1, next)).at(-1)?.verdict).toBe("normal");
  });
});

describe("what it finds", () => {
  it.each([
    ["a spike", 2_000, (v: number, i: number) => (i === 1_500 ? v + 50 : v), "spike", 1_500],
    ["a drop", 2_000, (v: number, i: number) => (i === 1_500 ? v - 50 : v), "drop", 1_500],
    ["a level that jumps and stays", 2_000, (v: number, i: number) => (i >= 1_500 ? v * 3 : v), "spike", 1_500],
    ["an outage", 2_000, (v: number, i: number) => (i >= 1_500 ? 0 : v), "drop", 1_500],
  ] as const)("%s", (_, count, change, kind, index) => {
    const next = noise(2);
    const found = anomaliesIn(readingsOf(valuesBy(count, (i) => change(next(), i))));
    expect(found[0]).toEqual({ index, kind });
  });

  it("a slope that lasts, though no step of it is large", () => {
    const next = noise(3);
    const found = anomaliesIn(readingsOf(valuesBy(6_500, (i) => next() + Math.max(0, i - 6_000) * 0.03)));
    expect(found[0]?.kind).toBe("trend");
    expect(found[0]?.index).toBeGreaterThan(6_020);
    expect(found[0]?.index).toBeLessThan(6_200);
  });

  it("values that move otherwise than they did", () => {
    const calm = (i: number) => 100 + 20 * Math.sin((2 * Math.PI * i) / 300);
    const readings = readingsOf(valuesBy(3_000, (i) => calm(i) + (i >= 2_500 ? 30 * (-1) ** i : 0)));
    const { anomaly } = readings.find((reading) => reading.anomaly !== undefined) ?? {};
    expect(anomaly).toMatchObject({ kind: "pattern_change", severity: expect.any(String) });
    expect(anomaly?.observed).toBeGreaterThan(2 * (anomaly?.baseline ?? Number.POSITIVE_INFINITY));
  });

  it("a flood of a queue that had a few", () => {
    const next = noise(4, 3, 2);
    const found = anomaliesIn(
      readingsOf(valuesBy(1_600, (i) => Math.max(0, Math.round(next())) + Math.max(0, i - 1_500) * 20)),
    );
    expect(found[0]?.kind).toBe("spike");
    expect(found[0]?.index).toBeLessThan(1_505);
  });

  it("says how far off it is, and how bad", () => {
    const next = noise(2);
    const { anomaly, score } = readingsOf(valuesBy(1_501, (i) => (i === 1_500 ? 150 : next()))).at(-1) ?? {};
    expect(anomaly).toEqual({
      kind: "spike",
      baseline: expect.closeTo(100, 0),
      observed: 150,
      deviation_percent: expect.closeTo(50, 0),
      severity: "error",
    });
    expect(score).toBeGreaterThanOrEqual(SEVERITY_BITS.error);
  });

  it.each([
    ["a little beyond what was", 106, undefined],
    ["far", 120, "warning"],
    ["farther", 150, "error"],
    ["out of the world", 1e6, "critical"],
  ])("severity rises with the rank: %s", (_, value, severity) => {
    const next = noise(2);
    const last = readingsOf(valuesBy(1_501, (i) => (i === 1_500 ? value : next()))).at(-1);
    expect(last?.anomaly?.severity).toBe(severity);
  });
});

describe("what it leaves alone", () => {
  it.each([
    ["noise", noise(5)],
    ["a constant", () => 7],
    ["nothing but zero", () => 0],
    ["a daily season", (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / 1_440)],
    ["a gauge in steps", (i: number) => [5, 8, 3, 8, 5, 2][Math.floor(i / 400) % 6] as number],
    ["a first one among zeros", (i: number) => (i === 1_500 ? 1 : 0)],
  ])("%s", (_, value) => {
    expect(anomaliesIn(readingsOf(valuesBy(3_000, value)))).toEqual([]);
  });
});

describe("the refractory window", () => {
  const scores = (change: (value: number, index: number) => number) => {
    const next = noise(16);
    return readingsOf(valuesBy(1_500 + 2 * REFRACTORY_POINTS, (i) => change(next(), i))).map(({ score }) => score);
  };

  it("tells of what goes on once", () => {
    const told = scores((v, i) => (i >= 1_500 ? v + 30 : v));
    expect(told.slice(1_500, 1_500 + REFRACTORY_POINTS).filter((score) => score >= THRESHOLD)).toHaveLength(1);
    expect(told[1_501]).toBe(0);
  });

  it("keeps the surprise itself", () => {
    const next = noise(6);
    const { score, surprise } = readingsOf(valuesBy(1_502, (i) => next() + (i >= 1_500 ? 30 : 0))).at(-1) ?? {};
    expect(score).toBe(0);
    expect(surprise).toBeGreaterThan(NAB_THRESHOLD);
  });

  it("tells at once of what is worse by a level", () => {
    const told = scores((v, i) => (i === 1_500 ? v + 20 : i === 1_510 ? v + 1e5 : v));
    expect(told[1_500]).toBeGreaterThanOrEqual(THRESHOLD);
    expect(told[1_500]).toBeLessThan(SEVERITY_BITS.critical);
    expect(told[1_510]).toBeGreaterThanOrEqual(SEVERITY_BITS.critical);
  });
});

describe("what must not break it", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses %d and stays as it was",
    (value) => {
      const state = newState();
      readingsOf(valuesBy(300, noise(7)), state);
      const before = structuredClone(state);
      expect(() => step(state, value, 301 * MINUTE)).toThrow(/finite number/);
      expect(() => step(state, 1, value)).toThrow(/finite number/);
      expect(state).toEqual(before);
    },
  );

  it.each([
    ["the largest", Number.MAX_VALUE],
    ["the smallest", Number.MIN_VALUE],
    ["negative", -1],
    ["large", 2 ** 600],
    ["small", 2 ** -600],
  ])("numbers are finite for values of any size: %s", (_, size) => {
    const next = noise(8, 0.5, 0.1);
    const state = newState();
    for (const reading of readingsOf(
      valuesBy(1_000, (i) => (i % 97 === 0 ? 1 : next()) * size),
      state,
    )) {
      for (const figure of [reading.score, reading.p95, reading.p95_deviation_percent ?? 0])
        expect(Number.isFinite(figure)).toBe(true);
    }
    for (const figure of Object.values(state))
      if (typeof figure === "number") expect(Number.isFinite(figure)).toBe(true);
  });

  it("scores the same in another unit", () => {
    const values = (unit: number) => {
      const next = noise(9);
      return valuesBy(2_000, (i) => unit * (i % 700 === 699 ? 140 : next()));
    };
    const scores = (unit: number) => readingsOf(values(unit)).map(({ score }) => score);
    expect(scores(1024)).toEqual(scores(1));
  });

  it("measures what comes again after weeks of nothing as it did before", () => {
    const found = anomaliesIn(readingsOf(valuesBy(60_001, (i) => (i === 1_000 || i % 20_000 === 0 ? 1 : 0))));
    expect(found).toEqual([]);
  });

  it("sees the next anomaly though a value was absurd once", () => {
    const next = noise(10);
    const found = anomaliesIn(readingsOf(valuesBy(5_001, (i) => next() + (i === 1_500 ? 1e18 : i === 5_000 ? 80 : 0))));
    expect(found).toContainEqual({ index: 5_000, kind: "spike" });
  });

  it("takes the level after a long gap for the level", () => {
    const next = noise(11);
    const state = newState();
    readingsOf(valuesBy(2_000, next), state);
    const later = readingsOf(
      valuesBy(500, () => next() + 40),
      state,
      2_000 * MINUTE + 86_400_000,
    );
    expect(anomaliesIn(later)).toEqual([]);
    const next_day = noise(11);
    const unbroken = newState();
    readingsOf(valuesBy(2_000, next_day), unbroken);
    expect(
      anomaliesIn(
        readingsOf(
          valuesBy(500, () => next_day() + 40),
          unbroken,
          2_000 * MINUTE,
        ),
      ),
    ).not.toEqual([]);
  });

  it("is the same twice", () => {
    const values = valuesBy(1_000, noise(12));
    expect(readingsOf(values)).toEqual(readingsOf(values));
  });

  it("sees nothing of what comes later", () => {
    const values = valuesBy(1_000, noise(13));
    expect(readingsOf([...values, 1e9, -1e9]).slice(0, 1_000)).toEqual(readingsOf(values));
  });
});

describe("the rolling p95", () => {
  it("is the value below which 95 of 100 lie", () => {
    const next = noise(14, 1_000, 10);
    const readings = readingsOf(valuesBy(6_000, next)).slice(1_000);
    const below = readings.filter(({ p95_deviation_percent = 0 }) => p95_deviation_percent < 0).length;
    expect(below / readings.length).toBeGreaterThan(0.94);
    expect(below / readings.length).toBeLessThan(0.96);
    expect(readings.at(-1)?.p95).toBeCloseTo(1_016, -1);
  });

  it("is told with how far the value lies from it", () => {
    const last = readingsOf(valuesBy(300, (i) => (i === 299 ? 15 : 10))).at(-1);
    expect(last).toMatchObject({ p95: 10, p95_deviation_percent: 50 });
  });
});
