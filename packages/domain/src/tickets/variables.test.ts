import { expect, test } from "vitest";
import { fill, variablesIn } from "./variables.ts";

test.each([
  ["Do ${ticket.title}", "Do it"],
  ["${ ticket.title }, ${visit}", "it, 3"],
  // A value is never read again.
  ["${ticket.description}", "see ${visit} and $&"],
  ["$${visit} is ${visit}", "${visit} is 3"],
  ["costs $5", "costs $5"],
  // What has no value stays, so that it is seen.
  ["for ${item}", "for ${item}"],
])("%s", (text, expected) => {
  const values = { "ticket.title": "it", "ticket.description": "see ${visit} and $&", visit: "3" } as const;
  expect(fill(text, values)).toBe(expected);
});

test("names that a text uses", () => {
  expect(variablesIn("${a} $${b} ${ c } ${d")).toEqual([
    { name: "a", closed: true },
    { name: "c", closed: true },
    { name: "d", closed: false },
  ]);
});
