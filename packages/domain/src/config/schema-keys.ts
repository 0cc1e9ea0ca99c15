import type * as z from "zod";
import type { ConfigPath } from "./positions.ts";

/** The keys that a schema knows at a path, of every form that may stand there. */
export function knownKeys(schema: z.core.$ZodType, path: ConfigPath): string[] {
  let forms = formsOf(schema);
  for (const part of path) forms = forms.flatMap((form) => childrenOf(form, part)).flatMap(formsOf);
  return [...new Set(forms.flatMap(keysOf))];
}

type Def = z.core.$ZodTypes["_zod"]["def"];

function keysOf(def: Def): string[] {
  if (def.type === "object") return Object.keys(def.shape);
  if (def.type !== "record") return [];
  return formsOf(def.keyType).flatMap((key) => (key.type === "enum" ? Object.values(key.entries).map(String) : []));
}

/** A schema without what only wraps it: optional, default and the like. */
export function unwrapped(schema: z.core.$ZodType): Def {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "nonoptional":
      return unwrapped(def.innerType);
    case "lazy":
      return unwrapped(def.getter());
    default:
      return def;
  }
}

/** Every form that a schema takes; before a transform, as it is written. */
function formsOf(schema: z.core.$ZodType): Def[] {
  const def = unwrapped(schema);
  if (def.type === "pipe") return formsOf(def.in);
  return def.type === "union" ? def.options.flatMap(formsOf) : [def];
}

function childrenOf(def: Def, part: PropertyKey): z.core.$ZodType[] {
  if (def.type === "array") return [def.element];
  if (def.type === "record") return [def.valueType];
  const member = def.type === "object" ? def.shape[String(part)] : undefined;
  return member === undefined ? [] : [member];
}
