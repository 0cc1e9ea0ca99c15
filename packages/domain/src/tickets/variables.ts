/** Everything that `${…}` may name in a workflow's texts. `item` exists only in a template that fans out. */
export const VARIABLES = [
  "ticket.title",
  "ticket.description",
  "ticket.priority",
  "ticket.external_ref",
  "ticket.labels",
  "phase.id",
  "phase.name",
  "visit",
  "item",
] as const;
type Variable = (typeof VARIABLES)[number];
export type Values = Readonly<Partial<Record<Variable, string>>>;

/** A variable, one that was never closed, or `$${`, which stands for `${` itself. */
const PLACE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** The text with its variables filled in, once: a value that looks like a variable stays as it is. */
export function fill(text: string, values: Values): string {
  return text.replace(PLACE, (place, name: string | undefined) => {
    if (name === undefined) return "${";
    return values[name.trim() as Variable] ?? place;
  });
}

/** The names that a text uses, and whether each is closed by a bracket. */
export function variablesIn(text: string): { name: string; closed: boolean }[] {
  return [...text.matchAll(PLACE)].flatMap(([, name, bracket]) =>
    name === undefined ? [] : [{ name: name.trim(), closed: bracket === "}" }],
  );
}
