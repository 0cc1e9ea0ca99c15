import { type Markup, markup } from "./markup.ts";

/** The part of JSON Schema that the contracts use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  description?: string;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** What may stand in a place, in words: `string, 1 to 200 characters`, or a link to a named schema. */
export function typeOf(schema: Schema): Markup {
  if (schema.$ref) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    return markup`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.anyOf) return joined(schema.anyOf.map(typeOf), " or ");
  if (schema.enum) return joined(schema.enum.map(value), " | ");
  if (schema.const !== undefined) return value(schema.const);
  if (schema.prefixItems) return markup`[${joined(schema.prefixItems.map(typeOf), ", ")}]`;
  if (schema.items) return markup`array of ${typeOf(schema.items)}${limits(schema)}`;
  if (schema.properties) return membersOf(schema);
  if (typeof schema.additionalProperties === "object") {
    return markup`object of ${typeOf(schema.additionalProperties)} by name`;
  }
  const name = [schema.type ?? "any JSON"].flat().join(" or ");
  return markup`${schema.format ?? name}${limits(schema)}`;
}

/** An object's members as a table. */
function membersOf(schema: Schema): Markup {
  const rows = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const needed = schema.required?.includes(name) ? "required" : "";
    return markup`<tr><td><code>${name}</code></td><td>${typeOf(member)}${defaultOf(member)}</td><td class="soft">${needed}</td></tr>`;
  });
  return markup`<table><tbody>${rows}</tbody></table>`;
}

export function defaultOf(schema: Schema): Markup {
  return schema.default === undefined
    ? markup``
    : markup` <span class="soft">(default ${JSON.stringify(schema.default)})</span>`;
}

function limits(schema: Schema): Markup {
  const found = [
    range(schema.minLength, schema.maxLength, "characters"),
    range(schema.minItems, schema.maxItems, "items"),
    range(schema.minimum, schema.maximum, ""),
  ].filter((text) => text !== "");
  const text = found.length > 0 ? markup`, ${found.join(", ")}` : markup``;
  if (schema.pattern === undefined || schema.format !== undefined) return text;
  return schema.description === undefined
    ? markup`${text} <code>${schema.pattern}</code>`
    : markup`${text}: ${schema.description}`;
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most} ${unit}`.trim();
  if (most !== undefined) return `at most ${most} ${unit}`.trim();
  return least ? `at least ${least} ${unit}`.trim() : "";
}

const value = (given: unknown): Markup => markup`<code>${String(given)}</code>`;

function joined(pieces: readonly Markup[], by: string): Markup {
  return { html: pieces.map((piece) => piece.html).join(by) };
}
