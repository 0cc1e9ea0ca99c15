/** Renders names and values below each other. What has no value is left out. */
export function fields(
  rows: readonly (readonly [name: string, value: string | number | boolean | null | undefined])[],
): string {
  const given = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(0, ...given.map(([name]) => name.length));
  const indent = " ".repeat(width + 2);
  return given
    .map(
      ([name, value]) =>
        `${name.padEnd(width)}  ${String(value)
          .trim()
          .replace(/\n(?=.)/g, `\n${indent}`)}\n`,
    )
    .join("");
}
