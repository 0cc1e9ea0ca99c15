import { shortDigest } from "@omoios/domain/digest";
import { anomalyIdOf } from "@omoios/domain/monitor/anomalies/make-anomaly";
import { MOST_OPEN } from "@omoios/domain/monitor/anomalies/watch-series";
import { MOST_BYTES } from "@omoios/domain/monitor/codec";
import { expect, it } from "vitest";
import { packed } from "./detector-bank.ts";

it("a series takes 2,048 bytes of its drawer at most: the longest state, under its id, beside as many anomalies as stand open at a time", () => {
  const id = shortDigest("series");
  const open = Array.from({ length: MOST_OPEN }, (_, at) => anomalyIdOf(id, at));
  const entry = { [id]: packed({ state: new Uint8Array(MOST_BYTES).fill(255), open, calm: 4 }) };
  expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThanOrEqual(2_048);
});
