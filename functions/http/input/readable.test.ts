import { expect, it } from "vitest";
import * as z from "zod";
import { readableParts } from "./readable.ts";

const schema = z.strictObject({
  name: z.string().trim().max(5),
  words: z
    .array(z.string().regex(/^[a-z]+$/))
    .max(2)
    .transform((words) => words.toSorted()),
  inner: z.strictObject({ size: z.number(), kind: z.enum(["a", "b"]).optional() }).optional(),
});

it("gives what a schema makes of a whole value", () => {
  const value = { name: " ab ", words: ["b", "a"] };
  expect(readableParts(schema, value)).toEqual({ name: "ab", words: ["a", "b"] });
});

it("leaves out what has not its shape, at its place, and what nobody knows", () => {
  expect(
    readableParts(schema, { name: "too long", words: ["A", "b"], inner: { size: 1, kind: "c" }, other: 1 }),
  ).toEqual({ name: undefined, words: [undefined, "b"], inner: { size: 1, kind: undefined } });
});

it.each([[null], [7], ["text"], [[]]])("gives nothing of %j", (value) => {
  expect(readableParts(schema, value)).toBe(undefined);
});
