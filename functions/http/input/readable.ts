import * as z from "zod";

/** Elements of a list that are read one by one: no list that a verb takes is longer. */
const ELEMENTS = 1_000;

/** What of a value has its shape, as the schema makes it: see `Readable`. */
export function readableParts(schema: z.core.$ZodType, value: unknown): unknown {
  const read = z.safeParse(schema, value);
  if (read.success) return read.data;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return readableParts(schema.unwrap(), value);
  if (schema instanceof z.ZodPipe) return readableParts(schema.in, value);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.slice(0, ELEMENTS).map((element) => readableParts(schema.element, element));
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null || Array.isArray(value))
    return undefined;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(schema.shape)
      .filter(([name]) => Object.hasOwn(members, name))
      .map(([name, member]) => [name, readableParts(member, members[name])]),
  );
}
