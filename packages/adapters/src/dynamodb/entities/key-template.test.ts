import type { RowKind, RowOf } from "@omoios/domain/rows";
import { describe, expect, it } from "vitest";
import { electroEntity } from "../../../../../tests/harness/electro-entity.ts";
import { itemOf } from "../rows.ts";
import type { Kind } from "./model.ts";
import { entities } from "./registry.ts";

/** A value for each attribute that stands in a key. */
const VALUES: Record<string, string | number> = { n: 7, fence: 12, visit: 3, revision: 41 };
const attributes = new Proxy<Record<string, string | number>>(VALUES, {
  get: (values, name) => values[String(name)] ?? `some ${String(name)}`,
});

/** What ElectroDB makes of the same attributes. */
function electroKey({ definition }: Kind, row: Record<string, string | number>): unknown {
  return electroEntity(definition)
    .get(row as Record<string, string>)
    .params<{ Key: unknown }>({ table: "any" }).Key;
}

function electroPrefix({ definition }: Kind, row: Record<string, string | number>) {
  const params = electroEntity(definition)
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

/** A value of each type that a row's attributes have. */
const EXAMPLES = { string: "some text", number: 4, boolean: true, any: { of: ["anything"] }, ordinal: 12 };

const given = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, attributes[name] ?? ""]));

describe.each(Object.entries(entities))("the keys of %s", (name, kind) => {
  const { ofPartition, all } = attributesOf(kind);

  it("are what ElectroDB makes", () => {
    const row = given(all);
    expect({ pk: kind.pk.fill(row), sk: kind.sk.fill(row) }).toEqual(electroKey(kind, row));
  });

  it("and a whole item, with its marks, is what ElectroDB puts", () => {
    const { attributes } = kind.definition;
    const row = Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, EXAMPLES[type]]));
    const item = itemOf(name as RowKind, { ...row, version: 3 } as unknown as RowOf<RowKind>, 0);
    const put = electroEntity(kind.definition).put(item as Record<string, string>);
    expect(item).toEqual(put.params<{ Item: unknown }>({ table: "any" }).Item);
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
