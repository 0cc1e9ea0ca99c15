import { dialect } from "./dialect.js";
import { CsvError } from "./errors.js";

const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads CSV text into rows of fields. Rows may differ in length, an empty line is a row of one empty field.
 * @param {string} text
 * @param {Partial<import("./dialect.js").Dialect>} [options]
 * @returns {string[][]}
 * @throws {CsvError} where a quoted field is never closed
 */
export function parse(text, options = {}) {
  const { delimiter, quote } = dialect(options);

  const start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  const end = text.length;
  const rows = [];
  let row = [];
  let field = "";
  let quoted = false;

  for (let at = start; at < end; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== quote) {
        field += char;
      } else if (text[at + 1] === quote) {
        field += quote;
        at += 1;
      } else {
        quoted = false;
      }
    } else if (char === quote && field === "") {
      quoted = true;
    } else if (char === delimiter) {
      row.push(field);
      field = "";
    } else if (char === "\n" || char === "\r") {
      if (char === "\r" && text[at + 1] === "\n") at += 1;
      row.push(field);
      rows.push(row);
      row = [];
      field = "";
    } else {
      field += char;
    }
  }

  if (quoted) throw new CsvError("a quoted field is never closed");

  // A file may end without a line break: its last row is still open here.
  if (field !== "") {
    row.push(field);
    rows.push(row);
  }

  return rows;
}
