import { type Attribute, Entity, type Schema } from "electrodb";
import { type KeyTemplate, keyTemplate } from "./key-template.ts";

/** Attribute types of a row. `any` holds lists and maps, which zod judged at the edge; an `ordinal` is padded in keys, so that 10 follows 9. */
type Type = "string" | "number" | "boolean" | "any" | "ordinal";
const ORDINAL_DIGITS = 10;

/** Attributes that `commit` makes of the row: events, schema marks and the sparse indexes. */
const derived = {
  out: "string",
  due_bucket: "string",
  list: "string",
  list_at: "string",
} as const satisfies Record<string, Type>;

const DUE_INDEX = {
  index: "due",
  pk: { field: "due_bucket", composite: ["due_bucket"], casing: "none" },
  sk: { field: "due_at", composite: ["due_at"] },
} as const;

const LIST_INDEX = {
  index: "list",
  pk: { field: "list", composite: ["list"], casing: "none" },
  sk: { field: "list_at", composite: ["list_at"], casing: "none" },
} as const;

export const READY_INDEX = {
  index: "ready",
  pk: { field: "ready_lane", composite: ["ready_lane"], casing: "none" },
  sk: { field: "virtual_start", composite: ["virtual_start"] },
} as const;

export interface Definition {
  entity: string;
  attributes: Record<string, Type>;
  /** Templates of the keys, and the attributes that they are made of, in their order. */
  pk: { template: string; of: readonly string[] };
  sk: { template: string; of: readonly string[] };
  indexes?: Schema<string, string, string>["indexes"];
}

/** A kind of row: its keys, which ElectroDB makes as well but thirty times as slowly, and its ElectroDB entity. */
export interface Kind {
  /** Made when first asked for: ElectroDB judges its model with a JSON schema, which for all kinds would be most of a cold start. */
  entity(): Entity<string, string, string, Schema<string, string, string>>;
  pk: KeyTemplate;
  sk: KeyTemplate;
}

/** An entity whose keys are the templates, as written: no prefix, no change of case. */
export function define(definition: Definition): Kind {
  const { attributes, pk, sk } = definition;
  const digits = (name: string) => (attributes[name] === "ordinal" ? ORDINAL_DIGITS : 0);
  let made: ReturnType<Kind["entity"]> | undefined;
  return {
    pk: keyTemplate(pk.template, digits),
    sk: keyTemplate(sk.template, digits),
    entity: () => {
      made ??= entityOf(definition);
      return made;
    },
  };
}

function entityOf({ entity, attributes, pk, sk, indexes = {} }: Definition): ReturnType<Kind["entity"]> {
  const types: Record<string, Type> = { ...attributes, ...derived, version: "number", due_at: "number", ttl: "number" };
  const key = (side: { template: string; of: readonly string[] }, field: string) => ({
    field,
    composite: [...side.of],
    template: side.template,
    casing: "none" as const,
  });
  return new Entity({
    model: { entity, version: "1", service: "omoios" },
    attributes: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, attribute(type)])) as Record<
      string,
      Attribute
    >,
    indexes: { primary: { pk: key(pk, "pk"), sk: key(sk, "sk") }, due: DUE_INDEX, list: LIST_INDEX, ...indexes },
  } as Schema<string, string, string>);
}

function attribute(type: Type) {
  return type === "ordinal" ? { type: "number", padding: { length: ORDINAL_DIGITS, char: "0" } } : { type };
}
