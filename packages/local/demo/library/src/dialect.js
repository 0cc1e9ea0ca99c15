import { CsvError } from "./errors.js";

/**
 * How fields and rows are told apart.
 * @typedef {object} Dialect
 * @property {string} delimiter one character between fields
 * @property {string} quote one character around fields that contain others of these
 * @property {string} newline written after each row; every kind of line break is read
 */

const LINE_BREAKS = ["\n", "\r\n", "\r"];

/**
 * Fills in the defaults and refuses what cannot be read back.
 * @param {Partial<Dialect>} [options]
 * @returns {Dialect}
 * @throws {CsvError} naming the option
 */
export function dialect({ delimiter = ",", quote = '"', newline = "\n" } = {}) {
  requireCharacter("delimiter", delimiter);
  requireCharacter("quote", quote);
  if (delimiter === quote) throw new CsvError(`delimiter and quote are both ${JSON.stringify(quote)}`);
  if (!LINE_BREAKS.includes(newline)) {
    throw new CsvError(`newline is ${JSON.stringify(newline)}; use "\\n", "\\r\\n" or "\\r"`);
  }
  return { delimiter, quote, newline };
}

/**
 * @param {string} name
 * @param {string} value
 */
function requireCharacter(name, value) {
  if (typeof value !== "string" || value.length !== 1 || LINE_BREAKS.includes(value)) {
    throw new CsvError(`${name} is ${JSON.stringify(value)}; use one character that is no line break`);
  }
}
