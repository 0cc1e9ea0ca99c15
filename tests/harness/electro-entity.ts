import { type AttributeType, type Definition, ORDINAL_DIGITS } from "@omoios/adapters/dynamodb/entities/model";
import { type Attribute, Entity, type Schema } from "electrodb";

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

const READY_INDEX = {
  index: "ready",
  pk: { field: "ready_lane", composite: ["ready_lane"], casing: "none" },
  sk: { field: "virtual_start", composite: ["virtual_start"] },
} as const;

/** Attributes that `commit` makes of a row, or that any row may have. */
const DERIVED = {
  out: "string",
  due_bucket: "string",
  list: "string",
  list_at: "string",
  version: "number",
  due_at: "number",
  ttl: "number",
} as const;

/** The ElectroDB entity of a kind of row. */
export function electroEntity({ entity, attributes, pk, sk, ready }: Definition) {
  const types: Record<string, AttributeType> = { ...attributes, ...DERIVED };
  const key = (side: { template: string; of: readonly string[] }, field: string) => ({
    field,
    composite: [...side.of],
    template: side.template,
    casing: "none" as const,
  });
  const described = Object.entries(types).map(([name, type]): [string, Attribute] => [
    name,
    type === "ordinal" ? { type: "number", padding: { length: ORDINAL_DIGITS, char: "0" } } : { type },
  ]);
  return new Entity({
    model: { entity, version: "1", service: "omoios" },
    attributes: Object.fromEntries(described),
    indexes: {
      primary: { pk: key(pk, "pk"), sk: key(sk, "sk") },
      due: DUE_INDEX,
      list: LIST_INDEX,
      ...(ready ? { ready: READY_INDEX } : {}),
    },
  } as Schema<string, string, string>);
}
