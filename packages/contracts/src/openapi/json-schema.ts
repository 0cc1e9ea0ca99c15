import * as z from "zod";

export type JsonSchema = Record<string, unknown>;

/** Whether a schema describes what is sent, before parsing, or what is answered. */
export type Side = "input" | "output";

export const componentRef = (name: string): string => `#/components/schemas/${name}`;

/**
 * The JSON Schemas of one side by name. Schemas that are part of others are referred to, not repeated.
 * @param named schemas that stand under `components`
 * @param inline further schemas, by names of the caller's
 */
export function jsonSchemas(
  side: Side,
  named: ReadonlyMap<z.ZodType, string>,
  inline: ReadonlyMap<z.ZodType, string>,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of new Map([...inline, ...named])) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: side,
    unrepresentable: "any",
    uri: componentRef,
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema),
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]));
}

/** Takes away what says nothing to a reader, and adds what a custom schema says of itself. */
function tidy(zodSchema: z.core.$ZodType, json: JsonSchema): void {
  const { def } = zodSchema._zod;
  if (def.type === "custom") Object.assign(json, z.globalRegistry.get(zodSchema));
  if (json.format === "date-time") delete json.pattern;
  const words = patternInWords(zodSchema);
  if (words !== undefined) json.description ??= words;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // Answers may grow members: only a schema that refuses the unknown itself says so.
  if (def.type === "object" && !("catchall" in def && def.catchall)) delete json.additionalProperties;
}

/** No pattern of ours takes it. */
const UNTAKEN = "\n";

/** What a text must be, in the words in which a schema refuses one that does not meet its pattern. */
function patternInWords(schema: z.core.$ZodType): string | undefined {
  if (schema._zod.def.type !== "string") return undefined;
  const issues = z.safeParse(schema, UNTAKEN).error?.issues ?? [];
  const said = issues.find((issue) => issue.code === "invalid_format" && issue.format === "regex")?.message;
  return said?.startsWith("must be ") ? said.slice("must be ".length) : undefined;
}

function withoutIdentity({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Names of the components that a part of a document refers to, directly or through others. */
export function reachable(part: unknown, components: Record<string, JsonSchema>): Set<string> {
  const found = new Set<string>();
  const visit = (at: unknown): void => {
    if (typeof at !== "object" || at === null) return;
    for (const [key, value] of Object.entries(at)) {
      const name = key === "$ref" && typeof value === "string" ? value.slice(componentRef("").length) : undefined;
      if (name === undefined) visit(value);
      else if (!found.has(name)) {
        found.add(name);
        visit(components[name]);
      }
    }
  };
  visit(part);
  return found;
}
