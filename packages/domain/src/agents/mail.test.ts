import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { MessageId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { NOW } from "./agent-row.fixture.ts";
import { ackedOf, type Box, openLetters, posted, unheardNumber } from "./mail.ts";

const id = (n: number) => `msg_0000000000000000000${n}` as MessageId;
const letter = (n: number, beats = 0, at = NOW) => ({ id: id(n), at, beats });
const numbers = (box: Box, newly?: number) => openLetters(box, NOW, limits, newly).map(({ number }) => number);

describe("letters", () => {
  it("are numbered by their place, from 1 on", () => {
    let box: Box = {};
    for (const n of [1, 2, 3]) {
      const next = posted(box, id(n), NOW, limits);
      if (typeof next === "string") throw new Error(next);
      box = { ...box, ...next };
    }
    expect(openLetters(box, NOW, limits).map(({ number, id }) => [number, id])).toEqual([
      [1, id(1)],
      [2, id(2)],
      [3, id(3)],
    ]);
  });

  it.each<[Box, number | undefined, number[]]>([
    [{}, undefined, []],
    [{ mail: [letter(1), letter(2)], mail_last: 7 }, undefined, [6, 7]],
    [{ mail: [letter(1), letter(2)], mail_last: 7, acked: 6 }, undefined, [7]],
    [{ mail: [letter(1), letter(2)], mail_last: 7, acked: 6 }, 7, []],
    // A lower word comes late, and one of a number that no letter has is of another agent's box.
    [{ mail: [letter(1), letter(2)], mail_last: 7, acked: 6 }, 2, [7]],
    [{ mail: [letter(1), letter(2)], mail_last: 7, acked: 6 }, 8, [7]],
    [{ mail: [letter(1), letter(2)], mail_last: 7, acked: 99 }, undefined, [6, 7]],
    [{ mail: [letter(1, 0, NOW - 604_800_000), letter(2)], mail_last: 7 }, undefined, [7]],
  ])("of %j are open after the word %s: %j", (box, newly, open) => {
    expect(numbers(box, newly)).toEqual(open);
  });

  it("that are acknowledged make room, and their numbers are not used again", () => {
    const box = { mail: [letter(1), letter(2), letter(3)], mail_last: 3, acked: 2, beats: 5 };
    expect(posted(box, id(4), NOW, limits)).toEqual({ mail: [letter(3), letter(4, 5)], mail_last: 4 });
    expect(posted({ ...box, acked: 3 }, id(4), NOW, limits)).toEqual({ mail: [letter(4, 5)], mail_last: 4 });
  });

  it("are put into a box once, and into no full one", () => {
    const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => letter(n));
    expect(posted({ mail: eight, mail_last: 8 }, id(9), NOW, limits)).toBe("full");
    expect(posted({ mail: eight, mail_last: 8, acked: 8 }, id(3), NOW, limits)).toBe("there");
    expect(posted({ mail: eight, mail_last: 8, acked: 1 }, id(9), NOW, limits)).toMatchObject({ mail_last: 9 });
  });
});

it("an agent has what it says, as far as that is", () => {
  expect(ackedOf({ acked: 3, mail_last: 5 })).toBe(3);
  expect(ackedOf({ acked: 3, mail_last: 5 }, 4)).toBe(4);
  expect(ackedOf({ acked: 6, mail_last: 5 }, 2)).toBe(2);
  expect(ackedOf({})).toBe(0);
});

it.each<[Box, number | undefined]>([
  [{ mail: [letter(1, 4)], mail_last: 1, beats: 6 }, undefined],
  [{ mail: [letter(1, 4)], mail_last: 1, beats: 7 }, 1],
  [{ mail: [letter(1, 4), letter(2, 5), letter(3, 6)], mail_last: 3, beats: 8 }, 2],
  [{ mail: [letter(1, 4), letter(2, 5)], mail_last: 2, beats: 8, acked: 2 }, undefined],
])("of %j the newest that is owed for three beats is %s", (box, number) => {
  expect(unheardNumber(box, NOW, limits)).toBe(number);
});
