/** Labels, or other named values, in a line and by name: `host=h1 room=cellar`. */
export const labelText = (labels: Readonly<Record<string, unknown>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(" ");
