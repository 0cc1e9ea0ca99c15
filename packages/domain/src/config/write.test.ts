import { type Random, seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { renderYaml } from "./render.ts";
import { rewriteYaml } from "./write.ts";

const TEXT = `# The flow of the house.
name:   flow      # its name
phases:
  # where it begins
  - id: A
    order:  0
    prompt: |
      # a heading, not a comment
      text

    words: [a,  'b']
  # then

  # this one
  - id: B
    order: 1   # one
    next:
      - x
      # a remark on y
      - "y"
tail: "end"
`;

const changed = (change: (value: ReturnType<typeof read>) => void) => {
  const value = read();
  change(value);
  return rewriteYaml(TEXT, value);
};
interface Phase {
  id: string;
  order?: number;
  prompt?: string;
  words?: string[];
  next?: string[];
}
const read = () => parse(TEXT) as { name?: string; phases: Phase[]; tail?: unknown; more?: unknown };
const second = (value: ReturnType<typeof read>) => value.phases[1] as Phase;

describe("what has not changed keeps its text to the letter", () => {
  test("nothing changed", () => {
    expect(changed(() => undefined)).toBe(TEXT);
  });

  test("a single value, in its quotes and before its comment", () => {
    expect(changed((value) => Object.assign(second(value), { order: 7 }))).toBe(TEXT.replace("order: 1 ", "order: 7 "));
    expect(changed((value) => Object.assign(value, { tail: "new" }))).toBe(TEXT.replace('"end"', '"new"'));
    expect(changed((value) => value.phases[0]?.words?.splice(1, 1, "c"))).toBe(TEXT.replace("[a,  'b']", "[a,  'c']"));
  });

  test("a text of several lines", () => {
    expect(changed((value) => Object.assign(value.phases[0] ?? {}, { prompt: "one\n\ntwo\n" }))).toBe(
      TEXT.replace("# a heading, not a comment\n      text\n", "one\n\n      two\n"),
    );
  });

  test("entries that come, go and move take their comments along", () => {
    expect(changed((value) => Object.assign(second(value), { next: ["y", "z", "x"] }))).toBe(
      TEXT.replace('- x\n      # a remark on y\n      - "y"\n', '# a remark on y\n      - "y"\n      - z\n      - x\n'),
    );
    expect(changed((value) => value.phases.splice(0, 1))).toBe(
      TEXT.replace(/ {2}- id: A[\s\S]*(?= {2}# this one)/, "  # then\n\n"),
    );
  });

  test("a key that goes, a key that comes, a value that becomes a map", () => {
    const text = changed((value) => {
      delete second(value).order;
      value.more = 5;
      value.tail = { end: [1] };
    });
    expect(text).toBe(
      TEXT.replace("    order: 1   # one\n", "").replace('tail: "end"\n', "tail:\n  end:\n    - 1\nmore: 5\n"),
    );
  });

  test("line ends of Windows", () => {
    const text = TEXT.replaceAll("\n", "\r\n");
    const value = parse(text) as { phases: Phase[] };
    expect(rewriteYaml(text, { ...value, tail: "new" })).toBe(text.replace('"end"', '"new"'));
  });
});

describe("defaults", () => {
  const schema = z.strictObject({ id: z.string(), retries: z.int().default(3), tags: z.array(z.string()).default([]) });
  const interpret = (raw: unknown) => schema.parse(raw);

  test("a default that the text leaves out stays left out", () => {
    expect(rewriteYaml("id: a # name\n", schema.parse({ id: "b" }), interpret)).toBe("id: b # name\n");
  });

  test("another value than the default is written", () => {
    expect(rewriteYaml("id: a\n", schema.parse({ id: "a", retries: 5 }), interpret)).toBe("id: a\nretries: 5\n");
  });
});

test("a value that sits behind an anchor and changes at one place only is still said rightly", () => {
  const text = "a: &x { n: 1 }\nb: *x\n";
  expect(parse(rewriteYaml(text, { a: { n: 2 }, b: { n: 1 } }))).toEqual({ a: { n: 2 }, b: { n: 1 } });
  expect(parse(rewriteYaml(text, { a: { n: 1 }, b: { n: 2 } }))).toEqual({ a: { n: 1 }, b: { n: 2 } });
});

describe("any value survives the way there and back", () => {
  const WORDS = [
    "",
    "a",
    "true",
    "- x",
    "a: b",
    "# no comment",
    " led",
    "trail ",
    "two\nlines",
    "end\n",
    "ü\n\n\n",
    "'",
    '"',
    "[",
    "1e3",
  ];
  const choose = <T>(random: Random, list: readonly T[]) => list[Math.floor(random() * list.length)] as T;

  function anyValue(random: Random, depth: number): unknown {
    const kind = random();
    if (depth > 3 || kind < 0.45) return choose(random, [...WORDS, 0, -1.5, 80, true, false, null]);
    const size = Math.floor(random() * 4);
    if (kind < 0.7) return Array.from({ length: size }, () => anyValue(random, depth + 1));
    return Object.fromEntries(Array.from({ length: size }, (_, n) => [`k${n}`, anyValue(random, depth + 1)]));
  }

  test.each(Array.from({ length: 300 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const root = () => ({ first: anyValue(random, 0), second: anyValue(random, 0), list: [anyValue(random, 1), 1] });
    const [before, after] = [root(), root()];
    const text = renderYaml(before);
    expect(parse(text)).toEqual(before);
    expect(rewriteYaml(text, before)).toBe(text);
    const rewritten = rewriteYaml(text, after);
    expect(parse(rewritten)).toEqual(after);
    expect(parse(rewriteYaml(rewritten, before))).toEqual(before);
  });
});

test("comments of untouched entries survive any change of one entry", () => {
  const entries = Array.from({ length: 30 }, (_, n) => `  # remark ${n}\n  - id: e${n}\n    value: ${n} # unit ${n}\n`);
  const text = `list:\n${entries.join("\n")}`;
  const random = seededRandom(7);
  for (let round = 0; round < 30; round += 1) {
    const value = parse(text) as { list: { id: string; value: number }[] };
    const place = Math.floor(random() * 30);
    if (round % 2 === 0) value.list.splice(place, 1, { id: `e${place}`, value: -1 });
    else value.list.splice(place, 1);
    const rewritten = rewriteYaml(text, value);
    expect(parse(rewritten)).toEqual(value);
    for (let n = 0; n < 30; n += 1) {
      if (n === place) continue;
      expect(rewritten).toContain(`  # remark ${n}\n  - id: e${n}\n    value: ${n} # unit ${n}\n`);
    }
  }
});
