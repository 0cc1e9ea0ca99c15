import { expect, test } from "vitest";
import * as z from "zod";
import { wellFormed } from "./well-formed.ts";

const shape = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("count"), name: z.string(), most: z.number() }),
  z.strictObject({ type: z.literal("word"), name: z.string(), most: z.string() }),
]);

test.each<[string, unknown, unknown]>([
  ["the form that is named", { type: "count", name: 7, most: 3 }, { type: "count", most: 3 }],
  ["the form that is named, and not another", { type: "word", name: "n", most: 3 }, { type: "word", name: "n" }],
  ["where none is named, what all have in common", { type: "cont", name: "n", most: 3 }, { name: "n" }],
  ["of another kind nothing", 7, undefined],
])("of several forms: %s", (_what, raw, parts) => {
  expect(wellFormed(shape, raw)).toEqual(parts);
});

const body = z.strictObject({
  name: z.string().trim().max(5),
  size: z.number().default(1),
  words: z.array(z.string().regex(/^[a-z]+$/)).overwrite((words) => words.toSorted()),
  inner: z.strictObject({ size: z.number(), kind: z.enum(["a", "b"]).optional() }).optional(),
});

test("a whole value is as its schema makes it", () => {
  expect(wellFormed(body, { name: " ab ", words: ["b", "a"] })).toEqual({ name: "ab", size: 1, words: ["a", "b"] });
});

test("a wrong part is missing at its place, one that was not given is not there, and what nobody knows neither", () => {
  const raw = { name: "too long", words: ["A", "b", 7], inner: { size: 1, kind: "c" }, other: 1 };
  const parts = { name: undefined, size: 1, words: [undefined, "b", undefined], inner: { size: 1, kind: undefined } };
  expect(wellFormed(body, raw)).toStrictEqual(parts);
  expect(wellFormed(body, { name: 7 })).toStrictEqual({ name: undefined, size: 1 });
});

test.each([[null], [7], ["text"], [[]]])("nothing is there of %j", (raw) => {
  expect(wellFormed(body, raw)).toBe(undefined);
});
