import { MAX_BODY_BYTES, type Route } from "@omoios/contracts/routes/route";
import * as z from "zod";

/** Members of a body with a fault in as many places as can have one at once, and where each of them is. */
export interface Faults {
  title: string;
  members: Record<string, unknown>;
  /** JSON Pointers. */
  paths: string[];
  /** Whether the fault must be named at the path itself, and not below it. */
  exactly: boolean;
}

/** One spoiled member, or what stands above some. */
interface Spoiled {
  value: unknown;
  paths: string[];
}

/** Spoils a node of a schema, or leaves it out. */
type Spoil = (schema: z.ZodType, path: string) => Spoiled | undefined;

/** Deeper than any body goes. */
const DEEPEST = 8;

/** Values of which some are of the wrong type for any member that has a type. */
const ODD_VALUES = [{ odd: true }, "odd value", -1.5, [["odd"]], true, null];

/**
 * What a body's schema asks to try, each request at all places of one depth: members and items of another type (two odd values each),
 * members that are missing, larger than they may be, or unknown.
 */
export function wrongMembers(row: Route): Faults[] {
  const body = row.body === undefined ? undefined : bare(row.body());
  if (!(body instanceof z.ZodObject)) return [];
  const depths = Array.from({ length: DEEPEST }, (_, index) => index);
  return depths.flatMap((depth) => [
    ...faults(`members of another type, ${depth} deep`, body, depth, (schema, path) => odd(schema, path, 0)),
    ...faults(`members of yet another type, ${depth} deep`, body, depth, (schema, path) => odd(schema, path, 1)),
    ...faults(`missing members, ${depth} deep`, body, depth, missing),
    ...faults(`members too large, ${depth} deep`, body, depth, tooLarge),
    ...faults(`unknown members, ${depth} deep`, body, depth, unknown),
  ]);
}

/** The spoiled members of a body, in one request, or more where they would be too large for one. */
function faults(title: string, body: z.ZodObject, depth: number, spoil: Spoil): Faults[] {
  const found: Faults[] = [];
  const exactly = spoil === tooLarge;
  for (const [name, schema] of Object.entries(body.shape as Record<string, z.ZodType>)) {
    const spoiled = atDepth(schema, `/${name}`, depth, spoil);
    if (spoiled === undefined) continue;
    const last = found.at(-1);
    const members = { ...last?.members, [name]: spoiled.value };
    if (last === undefined || JSON.stringify(members).length > MAX_BODY_BYTES / 2)
      found.push({
        title: `${title} ${found.length || ""}`.trim(),
        members: { [name]: spoiled.value },
        paths: spoiled.paths,
        exactly,
      });
    else Object.assign(last, { members, paths: [...last.paths, ...spoiled.paths] });
  }
  return found;
}

/** A value of the schema with every node so many steps below it spoiled. */
function atDepth(schema: z.ZodType, path: string, depth: number, spoil: Spoil): Spoiled | undefined {
  if (depth === 0) return spoil(schema, path);
  const node = bare(schema);
  if (node instanceof z.ZodArray) return within([["0", node.element as z.ZodType]], (at) => [at["0"]]);
  if (node instanceof z.ZodRecord) return within([["any", node.valueType as z.ZodType]], (at) => at);
  if (node instanceof z.ZodObject) return within(Object.entries(node.shape as Record<string, z.ZodType>), (at) => at);
  return undefined;

  function within(parts: [string, z.ZodType][], shaped: (at: Record<string, unknown>) => unknown): Spoiled | undefined {
    const spoiled = parts.flatMap(([name, part]) => {
      const found = atDepth(part, `${path}/${name}`, depth - 1, spoil);
      return found === undefined ? [] : [{ name, ...found }];
    });
    if (spoiled.length === 0) return undefined;
    const at = Object.fromEntries(spoiled.map(({ name, value }) => [name, value]));
    return { value: shaped(at), paths: spoiled.flatMap(({ paths }) => paths) };
  }
}

function odd(schema: z.ZodType, path: string, which: number): Spoiled | undefined {
  const values = ODD_VALUES.filter((value) => !schema.safeParse(value).success);
  return which < values.length ? { value: values[which], paths: [path] } : undefined;
}

function missing(schema: z.ZodType, path: string): Spoiled | undefined {
  return schema.safeParse(undefined).success || /\/(0|any)$/.test(path)
    ? undefined
    : { value: undefined, paths: [path] };
}

function unknown(schema: z.ZodType, path: string): Spoiled | undefined {
  const node = bare(schema);
  const isStrict = node instanceof z.ZodObject && node.def.catchall instanceof z.ZodNever;
  return isStrict ? { value: { unheard_of: 1 }, paths: [`${path}/unheard_of`] } : undefined;
}

function tooLarge(schema: z.ZodType, path: string): Spoiled | undefined {
  const node = bare(schema);
  const { maxLength, maximum, maxItems } = z.toJSONSchema(node, { io: "input", unrepresentable: "any" });
  const value = larger();
  const isSendable = value !== undefined && JSON.stringify(value).length <= MAX_BODY_BYTES / 2;
  return isSendable ? { value, paths: [path] } : undefined;

  function larger(): unknown {
    if (maxLength !== undefined) return "x".repeat(maxLength + 1);
    if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return maximum + 1;
    return maxItems === undefined ? undefined : Array(maxItems + 1).fill({});
  }
}

/** A schema without what only says that its value may be left out, or be null, or is changed after it was read. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return bare(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? bare(schema.def.in as z.ZodType) : schema;
}
