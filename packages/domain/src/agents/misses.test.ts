import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import { describe, expect, it } from "vitest";
import { NOW, pulseRow, SECOND } from "./agent-row.fixture.ts";
import type { LadderMarks } from "./life-rows.ts";
import { awaitedUntil, intervalOf, isMassive, nextMissAt, oneMore, sightedSince } from "./misses.ts";

const at = (seconds: number) => NOW + seconds * SECOND;

describe("the interval", () => {
  it.each([
    { said: "IDLE", holds: false, seconds: 30 },
    { said: "RUNNING", holds: true, seconds: 15 },
    // Its task ended after the beat: the next one comes as an idle agent's does.
    { said: "RUNNING", holds: false, seconds: 30 },
    // It took a task after the beat, and was answered as an idle agent then.
    { said: "IDLE", holds: true, seconds: 30 },
  ])("of an agent that said $said and holds a task: $holds is $seconds s", ({ said, holds, seconds }) => {
    expect(intervalOf(pulseRow({ status: said }), holds, limits)).toBe(seconds * SECOND);
  });
});

describe("a beat is awaited", () => {
  it.each([
    { promised: undefined, until: 32 },
    { promised: 300, until: 302 },
    // A promise never shortens the interval.
    { promised: 10, until: 32 },
  ])("until $until s where $promised s were promised", ({ promised, until }) => {
    const pulse = pulseRow({ next_by: promised === undefined ? undefined : at(promised) });
    expect(awaitedUntil(pulse, 30 * SECOND, limits)).toBe(at(until));
  });
});

describe("misses", () => {
  it("follow each other by one interval, also after a promise", () => {
    const pulse = pulseRow({ next_by: at(300) });
    const first = nextMissAt(pulse, undefined, 30 * SECOND, 0, limits);
    const one = oneMore(pulse, undefined, first, 30 * SECOND);
    const two = oneMore(pulse, one, one.next_at, 30 * SECOND);
    expect([first, one.next_at, two.next_at]).toEqual([at(302), at(332), at(362)]);
    expect([one.misses, two.misses]).toEqual([1, 2]);
  });

  it("begin anew with each beat", () => {
    const old = oneMore(pulseRow(), undefined, at(32), 30 * SECOND);
    const beaten = pulseRow({ beat_at: at(40), sequence: 5 });
    expect(nextMissAt(beaten, old, 30 * SECOND, 0, limits)).toBe(at(72));
    expect(oneMore(beaten, old, at(72), 30 * SECOND)).toMatchObject({ misses: 1, since: at(40), sequence: 5 });
  });

  it("do not count while nobody looked: one more interval begins when beats are seen again", () => {
    const counted = oneMore(pulseRow(), undefined, at(32), 30 * SECOND);
    expect(nextMissAt(pulseRow(), counted, 30 * SECOND, at(300), limits)).toBe(at(332));
    expect(nextMissAt(pulseRow(), undefined, 30 * SECOND, at(300), limits)).toBe(at(332));
    // What was seen before the beat has no bearing on it.
    expect(nextMissAt(pulseRow(), undefined, 30 * SECOND, at(-5), limits)).toBe(at(32));
  });
});

describe("a judgement", () => {
  const marks = (due: number): LadderMarks => ({ due_at: at(due), sighted_since: at(-600) });
  it.each<{ rule: string; marks: LadderMarks | undefined; since: number }>([
    { rule: "that is the first has seen nothing before", marks: undefined, since: 0 },
    { rule: "in time goes on", marks: marks(0), since: -600 },
    { rule: "early goes on", marks: marks(15), since: -600 },
    { rule: "late by one interval goes on", marks: marks(-15), since: -600 },
    { rule: "later than that was blind", marks: marks(-15.001), since: 0 },
  ])("$rule", ({ marks: remembered, since }) => {
    expect(sightedSince(remembered, NOW, limits)).toBe(at(since));
  });
});

describe("silence", () => {
  it.each([
    { silent: 4, active: 5, massive: false },
    { silent: 5, active: 5, massive: true },
    { silent: 5, active: 16, massive: true },
    { silent: 5, active: 17, massive: false },
    { silent: 6, active: 20, massive: false },
    { silent: 7, active: 20, massive: true },
    { silent: 0, active: 0, massive: false },
  ])("of $silent among $active is massive: $massive", ({ silent, active, massive }) => {
    expect(isMassive(silent, active, limits)).toBe(massive);
  });
});
