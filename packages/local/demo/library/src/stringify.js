import { dialect } from "./dialect.js";

/**
 * Writes rows of fields as CSV text. `null` and `undefined` are empty fields, other values are written as `String` shows them.
 * @param {unknown[][]} rows
 * @param {Partial<import("./dialect.js").Dialect>} [options]
 * @returns {string} every row ends with the dialect's newline
 */
export function stringify(rows, options = {}) {
  const { delimiter, quote, newline } = dialect(options);
  const special = [delimiter, quote, "\n", "\r"];
  return rows.map((row) => row.map(writeField).join(delimiter) + newline).join("");

  /** @param {unknown} value */
  function writeField(value) {
    const text = value === null || value === undefined ? "" : String(value);
    if (!special.some((char) => text.includes(char))) return text;
    return quote + text.replaceAll(quote, quote + quote) + quote;
  }
}
