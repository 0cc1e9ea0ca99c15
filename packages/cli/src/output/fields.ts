/** Renders names and values below each other. What has no value is left out. */
export function fields(
  rows: readonly (readonly [name: string, value: string | number | boolean | null | undefined])[],
): string {
  const given = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(...given.map(([name]) => name.length));
  return given
    .map(([name, value]) => `${name.padEnd(width)}  ${String(value).replace(/\n/g, `\n${" ".repeat(width + 2)}`)}\n`)
    .join("");
}
