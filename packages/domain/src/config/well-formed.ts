import type * as z from "zod";
import type { ConfigPath } from "./positions.ts";
import { isRecord, same } from "./same.ts";
import { unwrapped } from "./schema-keys.ts";

/**
 * A value of which every part may be missing. An entry of a list that is missing leaves its place empty; a map of names that no schema
 * knows is there whole or not at all.
 */
export type Parts<T> = T extends string
  ? T
  : T extends readonly (infer Entry)[]
    ? readonly (Parts<Entry> | undefined)[]
    : T extends object
      ? string extends keyof T
        ? T
        : { [Key in keyof T]?: Parts<T[Key]> | undefined }
      : T;

/**
 * Whether what a file says at a path, inside a part that is there, has a fault of its own: so that nothing follows from its absence among
 * the parts.
 */
export type IsUnsure = (path: ConfigPath) => boolean;

/**
 * Of a value whose form is wrong, those parts whose form is right, each with its defaults. A member that is there with a wrong form is
 * `undefined`; one that was not given, and has no default, is not there.
 */
export function wellFormed<T>(schema: z.ZodType<T>, raw: unknown): Parts<T> | undefined {
  return partsOf(schema, raw) as Parts<T> | undefined;
}

function partsOf(schema: z.core.$ZodType, raw: unknown): unknown {
  const parsed = (schema as z.ZodType).safeParse(raw);
  if (parsed.success) return parsed.data;
  // Of several forms that no member tells apart nobody knows which was meant, and what a transform makes of parts neither.
  const form = unwrapped(schema);
  if (form.type === "union" && "discriminator" in form) {
    return sharedParts(
      form.options.map((option) => partsOf(option, raw)),
      String(form.discriminator),
    );
  }
  if (form.type === "array" && Array.isArray(raw)) return raw.map((entry) => partsOf(form.element, entry));
  if (form.type !== "object" || !isRecord(raw)) return undefined;
  const members = Object.entries(form.shape).map(([key, member]) => [key, partsOf(member, raw[key])] as const);
  return Object.fromEntries(members.filter(([key, part]) => part !== undefined || Object.hasOwn(raw, key)));
}

/** What a value says in the form that it names; where it names none, what it says in all of them. */
function sharedParts(forms: readonly unknown[], discriminator: string): unknown {
  const readable = forms.filter(isRecord);
  const named = readable.filter((form) => form[discriminator] !== undefined);
  const [first, ...others] = named.length > 0 ? named : readable;
  if (first === undefined) return undefined;
  const shared = Object.entries(first).filter(([key, part]) => others.every((other) => same(part, other[key])));
  return Object.fromEntries(shared);
}

/** The entries of a list that are there, each with its place. */
export function entriesOf<T>(list: readonly (T | undefined)[] | undefined): { entry: T; index: number }[] {
  return (list ?? []).flatMap((entry, index) => (entry === undefined ? [] : [{ entry, index }]));
}

/** The list, where no entry of it is missing. */
export function whole<T>(list: readonly (T | undefined)[] | undefined): T[] | undefined {
  return list?.every((entry) => entry !== undefined) ? [...list] : undefined;
}
