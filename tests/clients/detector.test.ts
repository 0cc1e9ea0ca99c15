import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";
import { omoiProcess } from "./omoi-process.ts";

const folder = mkdtempSync(join(tmpdir(), "omoi-detector-"));
const inFolder = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs in this process; the detector asks no plane. */
const omoi = (...args: string[]) => runOmoi(["detector", ...args], { url: "http://127.0.0.1:1", api_key: "none" });

const HEADER = "timestamp,value";
const ROWS = 1_500;

/** A saw of 100 to 106, and one value of 500. */
function rowsWithSpike(): string[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString().slice(0, 19).replace("T", " ");
    return `${at},${i === 1_400 ? 500 : 100 + (i % 7)}`;
  });
}

describe("omoi detector score", () => {
  const out = inFolder("scores.txt");
  beforeAll(() => writeFileSync(inFolder("series.csv"), `${[HEADER, ...rowsWithSpike()].join("\n")}\n`));

  test("writes a score for each row, and tells of the anomaly by its line", async () => {
    const {
      out: said,
      err,
      exit,
    } = await omoiProcess(["detector", "score", "--in", inFolder("series.csv"), "--out", out], {});
    expect({ err, exit }).toEqual({ err: "", exit: 0 });
    expect(said).toMatch(/^1500 scores are in .*scores\.txt\n/);
    expect(said).toMatch(/^1402 .* spike +103 +500$/m);
    const scores = readFileSync(out, "utf8").trimEnd().split("\n").map(Number);
    expect(scores).toHaveLength(ROWS);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(1_400);
  });

  test("answers in JSON, above the threshold that info tells", async () => {
    const { out: info } = await omoi("info", "--json");
    const { threshold } = JSON.parse(info);
    const { out: said } = await omoi("score", "--in", inFolder("series.csv"), "--out", out, "--json");
    const { points, anomalies } = JSON.parse(said);
    expect(points).toBe(ROWS);
    expect(anomalies).toEqual([expect.objectContaining({ line: 1_402, kind: "spike", observed: 500 })]);
    expect(anomalies[0].score).toBeGreaterThanOrEqual(threshold);
  });

  test("is causal: what comes later changes no score before", async () => {
    writeFileSync(inFolder("begin.csv"), [HEADER, ...rowsWithSpike().slice(0, 1_401)].join("\n"));
    await omoi("score", "--in", inFolder("series.csv"), "--out", out);
    const whole = readFileSync(out, "utf8").split("\n").slice(0, 1_401);
    await omoi("score", "--in", inFolder("begin.csv"), "--out", out);
    expect(readFileSync(out, "utf8").trimEnd().split("\n")).toEqual(whole);
  });

  test("reads times in ISO 8601, lines with CR, a mark of the byte order, and a series without a point", async () => {
    writeFileSync(
      inFolder("iso.csv"),
      `\uFEFF${HEADER}\r\n2026-01-01T00:00:00Z,1e3\r\n2026-01-01T00:01:00+01:00,-2\r\n`,
    );
    expect(await omoi("score", "--in", inFolder("iso.csv"), "--out", out)).toMatchObject({ err: "", exit: 0 });
    expect(readFileSync(out, "utf8")).toBe("0\n0\n");
    writeFileSync(inFolder("empty.csv"), `${HEADER}\n`);
    expect(await omoi("score", "--in", inFolder("empty.csv"), "--out", out)).toMatchObject({ err: "", exit: 0 });
    expect(readFileSync(out, "utf8")).toBe("");
  });

  const row = "2026-01-01 00:00:00,1";
  test.each([
    ["another header", `time,value\n${row}`, 'bad.csv:1: the header must be timestamp,value, not "time,value"'],
    ["nothing in it", "", 'bad.csv:1: the header must be timestamp,value, not ""'],
    ["a word for a value", `${HEADER}\n${row}\n2026-01-01 00:01:00,many`, 'bad.csv:3: "many" is no number'],
    ["no value", `${HEADER}\n2026-01-01 00:00:00,`, 'bad.csv:2: "" is no number'],
    ["a value that is not finite", `${HEADER}\n2026-01-01 00:00:00,NaN`, 'bad.csv:2: "NaN" is no number'],
    ["no comma", `${HEADER}\n${row}\n7`, 'bad.csv:3: a row is a time, a comma and a value, not "7"'],
    ["three columns", `${HEADER}\n${row},2`, `bad.csv:2: a row is a time, a comma and a value, not "${row},2"`],
    ["an empty row", `${HEADER}\n\n${row}`, 'bad.csv:2: a row is a time, a comma and a value, not ""'],
    ["no time", `${HEADER}\nyesterday,1`, 'bad.csv:2: "yesterday" is no time'],
  ])("refuses a file with %s, and writes nothing", async (_, text, message) => {
    writeFileSync(inFolder("bad.csv"), text);
    const { out: said, err, exit } = await omoi("score", "--in", inFolder("bad.csv"), "--out", inFolder("none.txt"));
    expect({ said, exit }).toEqual({ said: "", exit: 2 });
    expect(err).toContain(message);
    expect(() => readFileSync(inFolder("none.txt"))).toThrow(/ENOENT/);
  });

  test("says which file is not there, and where nothing can be written", async () => {
    const absent = await omoi("score", "--in", inFolder("absent.csv"), "--out", out);
    expect(absent).toMatchObject({ exit: 2, err: expect.stringMatching(/there is no file .*absent\.csv/) });
    const unwritable = await omoi("score", "--in", inFolder("series.csv"), "--out", inFolder("no/such/scores"));
    expect(unwritable).toMatchObject({ exit: 2, err: expect.stringMatching(/no\/such\/scores cannot be written/) });
    expect(await omoi("score", "--in", "x.csv")).toMatchObject({ exit: 2, err: expect.stringMatching(/--out <file>/) });
  });
});

describe("omoi detector info", () => {
  test("gives the thresholds, and what a series and a point cost", async () => {
    const { out: said, exit } = await omoi("info", "--json");
    const info = JSON.parse(said);
    expect(exit).toBe(0);
    expect(Object.keys(info)).toEqual(["threshold", "nab_threshold", "bytes_per_series", "us_per_point"]);
    expect(info.nab_threshold).toBeLessThan(info.threshold);
    expect(info.bytes_per_series).toBeLessThanOrEqual(2_048);
    expect(info.us_per_point).toBeGreaterThan(0);
    expect((await omoi("info")).out).toMatch(/bits: from here a point is an anomaly/);
  });
});
