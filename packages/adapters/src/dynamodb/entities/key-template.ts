/** A key's text with places for attributes, taken apart once. */
export interface KeyTemplate {
  /** The key of what has these attributes. Throws, with its name, for one that is missing. */
  fill(attributes: Readonly<Record<string, unknown>>): string;
  /** The key's text up to the first attribute that is missing. */
  prefix(attributes: Readonly<Record<string, unknown>>): string;
}

/**
 * Reads `task#${task_id}`.
 * @param digits how far a number is padded, so that 10 follows 9; 0 for an attribute that is written as it is
 */
export function keyTemplate(template: string, digits: (name: string) => number): KeyTemplate {
  const parts = template.split(/\$\{(\w+)\}/);
  const places = parts.flatMap((part, index) => (index % 2 === 1 ? [{ name: part, digits: digits(part) }] : []));
  const texts = parts.filter((_, index) => index % 2 === 0);

  const fillUpTo = (attributes: Readonly<Record<string, unknown>>, missing: (name: string) => void): string => {
    let key = texts[0] ?? "";
    for (const [index, place] of places.entries()) {
      const value = attributes[place.name];
      if (value === undefined) {
        missing(place.name);
        return key;
      }
      key += String(value).padStart(place.digits, "0") + (texts[index + 1] ?? "");
    }
    return key;
  };

  return {
    fill: (attributes) =>
      fillUpTo(attributes, (name) => {
        throw new Error(`The key ${template} lacks ${name}`);
      }),
    prefix: (attributes) => fillUpTo(attributes, () => undefined),
  };
}
