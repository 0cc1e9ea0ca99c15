import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";
import { continueTrace } from "./trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("continueTrace", () => {
  it("keeps the trace and its sampling under a new span", () => {
    expect(continueTrace(`00-${TRACE}-${SPAN}-01`, seededRandom(1))).toMatch(
      new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`),
    );
    expect(continueTrace(`00-${TRACE}-${SPAN}-01`, seededRandom(1))).not.toContain(SPAN);
    expect(continueTrace(`00-${TRACE}-${SPAN}-00`, seededRandom(1))).toMatch(/-00$/);
  });

  it("reads a later version that has more members", () => {
    expect(continueTrace(`01-${TRACE}-${SPAN}-01-more`, seededRandom(1))).toContain(TRACE);
  });

  it.each([
    ["none", undefined],
    ["the forbidden version", `ff-${TRACE}-${SPAN}-01`],
    ["more members than version 00 has", `00-${TRACE}-${SPAN}-01-more`],
    ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a parent of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["capitals", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["a short trace", `00-${TRACE.slice(1)}-${SPAN}-01`],
  ])("starts a new, unsampled trace for %s", (_what, header) => {
    const made = continueTrace(header, seededRandom(2));
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(made).not.toContain(TRACE);
  });

  it("makes no id of zeros", () => {
    expect(continueTrace(undefined, () => 0)).toBe(`00-${"0".repeat(31)}1-${"0".repeat(15)}1-00`);
  });
});
