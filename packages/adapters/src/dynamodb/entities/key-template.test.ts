import { describe, expect, it } from "vitest";
import type { Kind } from "./model.ts";
import { entities } from "./registry.ts";

/** A value for each attribute that stands in a key. */
const VALUES: Record<string, string | number> = { n: 7, fence: 12, visit: 3, revision: 41 };
const attributes = new Proxy<Record<string, string | number>>(VALUES, {
  get: (values, name) => values[String(name)] ?? `some ${String(name)}`,
});

/** What ElectroDB makes of the same attributes. */
function electroKey({ entity }: Kind, row: Record<string, string | number>): unknown {
  return entity()
    .get(row as Record<string, string>)
    .params<{ Key: unknown }>({ table: "any" }).Key;
}

function electroPrefix({ entity }: Kind, row: Record<string, string | number>) {
  const params = entity()
    .query.primary?.(row as Record<string, string>)
    .params<{ ExpressionAttributeValues: Record<string, string> }>({ table: "any" });
  const values = params?.ExpressionAttributeValues ?? {};
  return { pk: values[":pk"], prefix: values[":sk1"] ?? "" };
}

const attributesOf = (kind: Kind) => {
  const names = new Set<string>();
  const noting = new Proxy(attributes, {
    get: (values, name) => {
      names.add(String(name));
      return values[String(name)];
    },
  });
  kind.pk.fill(noting);
  const ofPartition = [...names];
  kind.sk.fill(noting);
  return { ofPartition, all: [...names] };
};

const given = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, attributes[name] ?? ""]));

describe.each(Object.entries(entities))("the keys of %s", (_, kind) => {
  const { ofPartition, all } = attributesOf(kind);

  it("are what ElectroDB makes", () => {
    const row = given(all);
    expect({ pk: kind.pk.fill(row), sk: kind.sk.fill(row) }).toEqual(electroKey(kind, row));
  });

  it("begin as ElectroDB has it while attributes are missing", () => {
    for (let known = ofPartition.length; known < all.length; known++) {
      const row = given(all.slice(0, known));
      expect({ pk: kind.pk.fill(row), prefix: kind.sk.prefix(row) }).toEqual(electroPrefix(kind, row));
    }
  });

  it("name what they lack", () => {
    const [last] = all.slice(-1);
    if (last !== undefined) expect(() => kind.pk.fill({}) + kind.sk.fill(given(ofPartition))).toThrow(/lacks \w+/);
  });
});
