import { type KeyTemplate, keyTemplate } from "./key-template.ts";

/** Attribute types of a row. `any` holds lists and maps, which zod judged at the edge; an `ordinal` is padded in keys, so that 10 follows 9. */
export type AttributeType = "string" | "number" | "boolean" | "any" | "ordinal";
export const ORDINAL_DIGITS = 10;

/** What ElectroDB wants to know of a kind of row; its entity is made of it where one is wanted (tests do, functions don't). */
export interface Definition {
  entity: string;
  attributes: Record<string, AttributeType>;
  /** Templates of the keys, and the attributes that they are made of, in their order. */
  pk: { template: string; of: readonly string[] };
  sk: { template: string; of: readonly string[] };
  /** Stands in the index `ready` as well. */
  ready?: true;
}

/** A kind of row: its definition, and its keys. */
export interface Kind {
  definition: Definition;
  pk: KeyTemplate;
  sk: KeyTemplate;
}

/** A kind whose keys are the templates, as written: no prefix, no change of case. */
export function define(definition: Definition): Kind {
  const { attributes, pk, sk } = definition;
  const digits = (name: string) => (attributes[name] === "ordinal" ? ORDINAL_DIGITS : 0);
  return { definition, pk: keyTemplate(pk.template, digits), sk: keyTemplate(sk.template, digits) };
}
