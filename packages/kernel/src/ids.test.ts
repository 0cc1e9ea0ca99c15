import { describe, expect, test } from "vitest";
import { derivedId, ID_PREFIX, type IdKind, isId, newId } from "./ids.ts";
import { seededRandom } from "./random.ts";

const kinds = Object.keys(ID_PREFIX) as IdKind[];
const UUID = "6f9619ff-8b86-4d01-b42d-00c04fc964ff";
const BODY = "0123456789abcdefghjk";

test.each(kinds)("a new id of a %s is known as one, and as nothing else", (kind) => {
  const id = newId(kind, seededRandom(3));
  expect(kinds.filter((other) => isId(other, id))).toEqual([kind]);
});

test("no prefix begins another one, so that an id tells its kind", () => {
  const prefixes = Object.values(ID_PREFIX);
  for (const prefix of prefixes) expect(prefixes.filter((other) => other.startsWith(prefix))).toEqual([prefix]);
});

test.each([
  ["all chances at their least", () => 0, "task_00000000000000000000"],
  ["all chances at their most", () => 1 - 2 ** -32, "task_zzzzzzzzzzzzzzzzzzzz"],
])("%s", (_, random, id) => {
  expect(newId("task", random)).toBe(id);
});

test("new ids use all 32 letters and do not repeat", () => {
  const random = seededRandom(5);
  const ids = Array.from({ length: 2_000 }, () => newId("ticket", random));
  expect(new Set(ids).size).toBe(2_000);
  expect([...new Set(ids.join("").replaceAll("ticket_", ""))].sort().join("")).toBe("0123456789abcdefghjkmnpqrstvwxyz");
});

test.each([() => 0, () => 1 - 2 ** -32, seededRandom(8)])(
  "an agent's id is a UUID of version 4 and variant 1",
  (random) => {
    expect(newId("agent", random)).toMatch(
      /^agent_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  },
);

describe("what is no id", () => {
  test.each<[string, IdKind, string]>([
    ["nothing", "task", ""],
    ["a prefix alone", "task", "task_"],
    ["another kind's", "task", `ticket_${BODY}`],
    ["a letter too few", "task", `task_${BODY.slice(1)}`],
    ["a letter too many", "task", `task_${BODY}0`],
    // i, l, o and u are left out, for they are misread.
    ["a letter that is left out", "task", `task_${BODY.slice(1)}u`],
    ["capitals", "task", `task_${BODY.toUpperCase()}`],
    ["a line behind it", "task", `task_${BODY}\n`],
    ["a UUID where letters belong", "task", `task_${UUID}`],
    ["letters where a UUID belongs", "agent", `agent_${BODY}`],
    ["a UUID of version 1", "agent", `agent_${UUID.replace("-4d01", "-1d01")}`],
    ["a UUID of another variant", "agent", `agent_${UUID.replace("-b42d", "-c42d")}`],
  ])("%s", (_, kind, text) => {
    expect(isId(kind, text)).toBe(false);
  });

  test("while their whole forms are", () => {
    expect(isId("task", `task_${BODY}`)).toBe(true);
    expect(isId("agent", `agent_${UUID}`)).toBe(true);
  });
});

describe("a derived id", () => {
  const bytes = (first: number) => Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : index));

  test("follows from the digest alone", () => {
    expect(derivedId("deadLetter", bytes(0))).toBe("dead_0123456789abcdefghjk");
    expect(derivedId("deadLetter", bytes(0))).toBe(derivedId("deadLetter", bytes(0)));
    expect(derivedId("deadLetter", bytes(1))).not.toBe(derivedId("deadLetter", bytes(0)));
    expect(isId("deadLetter", derivedId("deadLetter", bytes(255)))).toBe(true);
  });
});
