import { describe, expect, it } from "vitest";
import { at, HOUR } from "./scenario.fixture.ts";
import { ready, type Silence, silencedBy, silenceFaults } from "./silence.ts";

const silence: Silence = {
  silence_id: "sil_1",
  matchers: ['agent_id="a1"', "severity!=critical"],
  starts_at: at(0),
  ends_at: at(HOUR),
  author: "ann",
  comment: "known",
};
const { ends_at: _, ...endless } = silence;
const nightly = { ...endless, recurring: { hours: ["22:00-24:00"], zone: "UTC" } };

describe("silences", () => {
  it.each([
    ["from its start", silence, { agent_id: "a1" }, 0, true],
    ["not before", silence, { agent_id: "a1" }, -1, false],
    ["up to its end", silence, { agent_id: "a1" }, HOUR - 1, true],
    ["not at its end", silence, { agent_id: "a1" }, HOUR, false],
    ["not where one matcher fails", silence, { agent_id: "a1", severity: "critical" }, 0, false],
    ["not of another", silence, { agent_id: "a2" }, 0, false],
    ["at its time", nightly, { agent_id: "a1" }, 12 * HOUR, true],
    ["at its time on another day", nightly, { agent_id: "a1" }, 36 * HOUR, true],
    ["not at another time", nightly, { agent_id: "a1" }, 11 * HOUR, false],
  ])("hold %s", (_, given, labels, seconds, expected) => {
    expect(silencedBy([ready(given)], labels, at(seconds)) !== undefined).toBe(expected);
  });

  it.each([
    [{ matchers: ["agent_id"] }, "matchers"],
    [{ matchers: ["agent_id!=a1"] }, "matchers"],
    [{ ends_at: at(0) }, "ends_at"],
    [{ ends_at: undefined }, "ends_at"],
    [{ recurring: { hours: ["9-10"], zone: "UTC" } }, "recurring"],
  ])("are refused with %j for %s", (change, key) => {
    expect(silenceFaults({ ...silence, ...change }).map(({ path }) => path[0])).toEqual([key]);
  });

  it("are refused where they would be over when they are made", () => {
    expect(silenceFaults(silence, at(HOUR))).toMatchObject([{ path: ["ends_at"] }]);
    expect(silenceFaults(silence, at(HOUR - 1))).toEqual([]);
  });

  it("may have no end where they come back", () => {
    expect(silenceFaults(nightly)).toEqual([]);
  });
});
