import { ID_PREFIX, type IdKind, isId } from "@omoios/kernel/ids";
import { unknownId } from "./wrong-cases.ts";

export interface ForeignId {
  /** JSON Pointer of the id that was put in. */
  path: string;
  body: unknown;
}

/** The body once for each id in it, with an id of another kind in its place. */
export function withForeignIds(body: unknown): ForeignId[] {
  return idsIn(body, "").map(({ path, kind }) => {
    const copy: unknown = structuredClone(body);
    const steps = path.slice(1).split("/");
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
    (parent as Record<string, unknown>)[last] = unknownId(kind === "ticket" ? "agent" : "ticket");
    return { path, body: copy };
  });
}

function idsIn(at: unknown, path: string): { path: string; kind: IdKind }[] {
  if (typeof at === "string") {
    const kinds = (Object.keys(ID_PREFIX) as IdKind[]).filter((kind) => isId(kind, at));
    return kinds.map((kind) => ({ path, kind }));
  }
  if (typeof at !== "object" || at === null) return [];
  return Object.entries(at).flatMap(([name, value]) => idsIn(value, `${path}/${name}`));
}
