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
